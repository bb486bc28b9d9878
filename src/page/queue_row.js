// One comment of the queue: a card while it waits, a line once it is decided.
import { h, alien, icon, refill } from './dom.js';
import {
    author_of, chances_of, earlier_of, host_of, parent_of, places_of, post_of,
    reasons_of, text_of, time_of,
} from './card.js';
import { DONE, LABEL } from './words.js';

const hint = { approve: 'a', spam: 's', hold: 'h' };

function excerpt(item) {
    return item.text.map((part) => part.text).join('').slice(0, 140);
}

// `desk` is told what the moderator does: act(row, action), undo(row),
// choose(row), look(row), unfold(row).
export class Row {
    constructor(item, desk) {
        this.item = item;
        this.desk = desk;
        this.together = item.alike > 0;
        this.decided = null; // an action, or "taken" by somebody else
        this.box = h('input', { type: 'checkbox', class: 'choose',
            'aria-label': `Choose the comment of ${this.name}`,
            on: { change: () => desk.choose(this) } });
        this.card = h('article', { class: 'card', tabindex: '-1',
            'data-id': item.id, 'aria-label': `Comment of ${this.name}`,
            on: { focusin: () => desk.look(this) } });
        this.draw();
    }

    get name() {
        return this.item.author.name || 'no name';
    }

    get waits() {
        return this.decided === null;
    }

    // The decisions that an action on this row is about.
    ids() {
        return [this.item.id, ...this.together ? this.item.alike_ids : []];
    }

    decide(action, note) {
        this.decided = action;
        this.note = note;
        this.draw();
    }

    draw() {
        this.card.dataset.state = this.decided ?? 'waits';
        if (this.waits)
            refill(this.card, this.box, this.#body(), this.#side());
        else
            refill(this.card, this.#slim());
    }

    #body() {
        const { item } = this;
        const host = item.author.url && host_of(item.author.url);

        return h('div', { class: 'body' },
            h('header', { class: 'head' }, author_of(item),
                host && alien(host, { class: 'url' }), post_of(item),
                h('span', { class: 'quiet' }, time_of(item.at_ms)),
                this.desk.many_sites &&
                    h('span', { class: 'tag' }, item.site)),
            parent_of(item),
            text_of(item), places_of(item), this.#copies(),
            this.note && h('p', { class: 'refused' }, this.note),
            this.#foot());
    }

    #side() {
        return h('div', { class: 'side', role: 'group',
            'aria-label': 'Why it was held' },
            chances_of(this.item, this.desk.thresholds_of(this.item.site)),
            reasons_of(this.item), earlier_of(this.item));
    }

    #foot() {
        const many = this.together && this.ids().length > 1
            ? ` all ${this.ids().length}` : '';

        return h('footer', { class: 'acts' },
            ['approve', 'spam', 'hold'].map((action) => h('button', {
                type: 'button', class: `act act-${action}`,
                on: { click: () => this.desk.act(this, action) },
            }, icon(action), LABEL[action] + many,
            h('kbd', { 'aria-hidden': 'true' }, hint[action]))),
            h('a', { class: 'more', href: `#/comment/${this.item.id}` },
                'Whole story'));
    }

    #copies() {
        if (this.item.alike === 0)
            return null;
        const list = h('ul');
        const box = h('input', { type: 'checkbox', checked: this.together,
            on: { change: () => {
                this.together = box.checked;
                this.card.querySelector('.acts').replaceWith(this.#foot());
            } } });

        return h('div', { class: 'copies' },
            h('details', { on: { toggle: () =>
                list.childElementCount || this.desk.unfold(this, list) } },
            h('summary', null, `and ${this.item.alike} like it`), list),
            h('label', { class: 'check' }, box, 'decide them together'));
    }

    #slim() {
        const many = this.ids().length;

        return h('div', { class: 'slim' },
            this.decided === 'taken' ? h('span', null, 'Decided elsewhere')
                : h('span', { class: `verdict verdict-${this.decided}` },
                    icon(this.decided), DONE[this.decided]),
            alien(this.name, { class: 'slim-name' }),
            h('span', { class: 'slim-text', dir: 'auto' },
                excerpt(this.item)),
            many > 1 && h('span', { class: 'tag' }, `${many} comments`),
            this.#tail());
    }

    #tail() {
        if (this.decided === 'taken')
            return h('a', { class: 'more', href: `#/comment/${this.item.id}` },
                'See');
        return h('button', { type: 'button', class: 'plain', 'aria-label':
            `Undo: the comment of ${this.name}`,
        on: { click: () => this.desk.undo(this) } }, icon('undo'), 'Undo');
    }
}
