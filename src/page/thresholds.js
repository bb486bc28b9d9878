// Three numbers decide between approve, hold and spam. What others would have
// done to the last comments is shown before they are taken.
import { h, alien, button, refill } from './dom.js';
import { call, get, query } from './api.js';
import { the_site } from './picker.js';
import { verdict_of } from './card.js';
import { count, count_of } from './words.js';

const CALM_MS = 200; // after the last move of a slider
const STEP = 0.001;

const KNOBS = [
    { name: 'approve_below', words: 'Approve below',
        hint: 'A comment less likely to be spam than this may be approved.' },
    { name: 'spam_at', words: 'Spam at',
        hint: 'At this probability a comment is marked as spam.' },
    { name: 'abuse_hold_at', words: 'Hold abuse at',
        hint: 'At this probability of abuse a person decides.' },
];

// Finer than anybody sets them; what nobody moves stays as it is.
function rounded(number) {
    return +number.toFixed(3);
}

// "14 more held" or "3 fewer marked as spam"; null for no difference.
function change(n, words) {
    if (n === 0)
        return null;
    return `${count(Math.abs(n))} ${n > 0 ? 'more' : 'fewer'} ${words}`;
}

function sentence(preview) {
    const parts = [['hold', 'held'], ['spam', 'marked as spam'],
        ['approve', 'approved']].map(([name, words]) =>
        change(preview.then[name] - preview.now[name], words))
        .filter((part) => part);

    if (preview.nr === 0)
        return 'No comment has been judged here yet.';
    return parts.length ? `${parts.join(', ')}.`
        : 'No verdict would be another one.';
}

function moved_one(one) {
    return h('li', null, verdict_of(one.from), ' → ', verdict_of(one.to),
        ' ', h('a', { href: `#/comment/${one.id}` },
            alien(one.author || 'no name')), ' ',
        h('span', { class: 'quiet' }, alien(one.excerpt)));
}

class Thresholds {
    #site;
    #admin;
    #numbers;
    #timer = 0;
    #turn = 0;

    constructor(room, site, admin) {
        this.#site = site;
        this.#admin = admin;
        this.room = room;
        this.preview = h('div', { class: 'panel preview', role: 'status' });
        this.outcome = h('p', { class: 'outcome', role: 'status' });
    }

    async open() {
        this.#draw(await get('settings', { site: this.#site }));
        await this.#look();
    }

    #draw(settings) {
        this.#numbers = { ...settings.thresholds };
        refill(this.room, h('div', { class: 'two' },
            h('div', null,
                h('div', { class: 'sliders' }, KNOBS.map((knob) =>
                    this.#slider(knob, settings.default[knob.name]))),
                this.#admin && h('div', { class: 'row acts' },
                    button('Take these', () =>
                        this.#put({ ...this.#numbers }), { class: 'main' }),
                    settings.changed && button('As configured', () =>
                        this.#put(null))),
                this.outcome),
            this.preview));
    }

    #slider({ name, words, hint }, usual) {
        const shared = { min: 0, max: 1, step: STEP,
            value: rounded(this.#numbers[name]) };
        const turn = (from, to) => () => {
            to.value = from.value;
            this.#numbers[name] = Number(from.value);
            this.#soon();
        };
        const number = h('input', { ...shared, type: 'number',
            id: `at-${name}`, 'aria-describedby': `hint-${name}` });
        const range = h('input', { ...shared, type: 'range',
            'aria-label': words });

        number.addEventListener('input', turn(number, range));
        range.addEventListener('input', turn(range, number));
        return h('div', null,
            h('div', { class: 'slider-head' },
                h('label', { for: `at-${name}` }, words), number),
            range,
            h('p', { class: 'quiet', id: `hint-${name}` }, hint,
                ` As configured: ${rounded(usual)}.`));
    }

    #soon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#look(), CALM_MS);
    }

    // A slow answer to an earlier question is not shown after a later one.
    async #look() {
        const turn = ++this.#turn;

        try {
            const preview = await call('POST', query('settings/preview',
                { site: this.#site }), this.#numbers);

            if (turn === this.#turn)
                this.#show(preview);
        } catch (error) {
            refill(this.preview,
                h('p', { class: 'wrong' }, error.message));
        }
    }

    #show(preview) {
        refill(this.preview,
            h('h2', null, `On the last ${
                count_of(preview.nr, 'comment')}`),
            h('p', { class: 'great' }, sentence(preview)),
            h('p', { class: 'row' }, ['approve', 'hold', 'spam'].map(
                (name) => h('span', { class: 'shift' }, verdict_of(name),
                    ` ${count(preview.now[name])}`,
                    preview.then[name] !== preview.now[name] &&
                        ` → ${count(preview.then[name])}`))),
            h('ul', { class: 'moved' }, preview.changed.map(moved_one)));
    }

    async #put(numbers) {
        try {
            this.#draw(await call('PUT', query('settings',
                { site: this.#site }), { thresholds: numbers }));
            this.outcome.classList.remove('wrong');
            refill(this.outcome, 'Taken; the next comment is judged by it.');
            await this.#look();
        } catch (error) {
            this.outcome.classList.add('wrong');
            refill(this.outcome, error.message);
        }
    }
}

export function thresholds(room, app, { admin }) {
    return new Thresholds(room, the_site(app), admin).open();
}
