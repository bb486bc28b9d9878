// One comment and its whole story: what was said, why it was judged so, by
// which model, and who changed it since.
import { h, alien, button, icon, refill, say } from './dom.js';
import { get } from './api.js';
import {
    author_of, chances_of, earlier_of, parent_of, places_of, post_of,
    reason_of, standing_of, text_of, time_of, verdict_of,
} from './card.js';
import { percent, state_words, when } from './words.js';

export const title = 'Comment';

const did = {
    judged: 'Judged', changed: 'Changed', said: 'Said elsewhere',
    told: 'Told to the site',
};

const rules = {
    deny_list: 'Deny list', allow_list: 'Allow list', doubt: 'Doubt',
    abuse_hold_at: 'Hold abuse at', spam_at: 'Spam at',
    approve_below: 'Approve below', approve: 'Approve',
};

function step_of(step) {
    const { what, by, verdict, model, state, detail } = step;

    return h('li', null,
        h('span', { class: 'quiet' }, when(step.at_ms)),
        h('span', null, h('strong', null, did[what] ?? what), ' ',
            verdict && verdict_of(verdict),
            by && [' by ', alien(by)],
            model && h('span', { class: 'quiet' }, ' model ',
                h('code', null, model)),
            state && h('span', { class: 'tag' }, state_words(state)),
            detail && h('span', { class: 'quiet' }, ' ', alien(detail))));
}

function facts_of(item) {
    const facts = [
        ['Posted', item.posted], ['Judged', when(item.at_ms)],
        ['On', item.post.title], ['Address', item.post.url],
        ['Mail', item.author.email], ['Web site', item.author.url],
        ['IP', item.author.ip], ['Site', item.site],
        ['Number there', item.comment], ['Model', item.model],
    ].filter(([, value]) => value);

    return h('dl', { class: 'facts' }, facts.map(([name, value]) =>
        [h('dt', null, name), h('dd', null, alien(value))]));
}

function head_of(name, reasons) {
    return reasons.length > 0 && h('div', null, h('h3', null, name),
        h('ul', { class: 'reasons' }, reasons.map(reason_of)));
}

function explain_of(explain) {
    if (!explain)
        return h('p', { class: 'quiet' }, 'The text was not kept, so there ' +
            'is nothing to explain anew.');
    return [
        h('p', null, 'The model of today, ', h('code', null, explain.model),
            ', says: ', verdict_of(explain.verdict), ', spam ',
            percent(explain.p_spam), ', abuse ', percent(explain.p_abuse),
            '.'),
        h('ol', { class: 'path' }, explain.path.map((one) => h('li',
            { class: one.decided ? 'decided' : null },
            h('strong', null, rules[one.rule] ?? one.rule), ' ',
            alien(one.detail),
            one.decided && h('span', { class: 'tag' }, 'decided')))),
        h('div', { class: 'halves' }, head_of('Spam', explain.spam),
            head_of('Abuse', explain.abuse)),
    ];
}

function raw_of(item) {
    return item.raw && h('details', { class: 'raw' },
        h('summary', null, 'As it was sent'),
        h('pre', { dir: 'auto', tabindex: '0' }, item.raw));
}

class Comment {
    #app;
    #main;
    #item = null;
    #left = new AbortController();

    constructor(main, app) {
        const { signal } = this.#left;

        this.#app = app;
        this.#main = main;
        for (const type of ['answered', 'refused'])
            app.outbox.addEventListener(type, ({ detail }) =>
                this.#heard(detail), { signal });
        this.ready = this.#draw();
    }

    leave() {
        this.#left.abort();
    }

    keys() {
        const act = (action) => () => this.#act(action);

        return [
            { key: 'a', does: 'approve', run: act('approve') },
            { key: 's', does: 'spam', run: act('spam') },
            { key: 'h', does: 'hold', run: act('hold') },
            { key: 'u', does: 'undo', run: act('undo') },
            { key: 'q', does: 'back to the queue',
                run: () => this.#app.go('queue') },
        ];
    }

    #act(action) {
        if (this.#item)
            this.#app.outbox.add(action, [this.#item.id]);
    }

    #heard({ entry, error }) {
        if (!entry.decisions.includes(this.#item?.id))
            return;
        say(error ? `Not done: ${error.message}` : 'Done.');
        this.#draw();
    }

    async #draw() {
        const { detail } = this.#app;

        if (!/^\d+$/.test(detail))
            throw new Error('There is no such comment.');
        const { item, story, explain } = await get(`verdicts/${detail}`);
        const { thresholds } = await get('settings', { site: item.site })
            .catch(() => ({}));

        if (this.#left.signal.aborted)
            return;
        this.#item = item;
        refill(this.#main, h('article', { class: 'story' },
            this.#top(item), h('div', { class: 'columns' },
                h('div', null, this.#sheet(item),
                    h('h2', null, 'Its story'),
                    h('ol', { class: 'steps' }, story.map(step_of)),
                    h('section', { 'aria-labelledby': 'explained' },
                        h('h2', { id: 'explained' }, 'Explained'),
                        explain_of(explain))),
                h('div', null, chances_of(item, thresholds),
                    h('ul', { class: 'reasons', 'aria-label': 'Reasons' },
                        item.reasons.map(reason_of)),
                    earlier_of(item), facts_of(item)))));
    }

    #top(item) {
        return h('header', { class: 'story-top' },
            h('h1', null, author_of(item)), post_of(item),
            h('span', { class: 'quiet' }, time_of(item.at_ms)),
            h('p', { class: 'story-verdict' }, 'sluice: ',
                verdict_of(item.verdict), standing_of(item) &&
                    [' → now ', standing_of(item)],
                h('span', { class: 'tag' },
                    state_words(item.standing.state))));
    }

    #sheet(item) {
        return h('div', { class: 'sheet' },
            parent_of(item),
            text_of(item), places_of(item), raw_of(item),
            h('footer', { class: 'acts' },
                [['approve', 'Approve'], ['spam', 'Spam'], ['hold', 'Hold'],
                    ['undo', 'Undo']].map(([action, label]) => button(
                    [icon(action), label], () => this.#act(action),
                    { class: `act act-${action}` }))));
    }
}

export function show(main, app) {
    return new Comment(main, app);
}
