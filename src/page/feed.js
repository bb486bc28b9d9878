// The rows of the queue in their order: which is looked at, which are chosen,
// where the eye goes next.
import { h } from './dom.js';

export class Feed {
    #rows = new Map(); // by id
    current = null;

    constructor(label) {
        this.list = h('div', { class: 'feed', role: 'feed',
            'aria-label': label, 'aria-busy': 'true' });
    }

    get(id) {
        return this.#rows.get(id);
    }

    has(id) {
        return this.#rows.has(id);
    }

    // At the end, or before all others.
    append(row) {
        this.#rows.set(row.item.id, row);
        this.list.append(row.card);
    }

    prepend(rows) {
        for (const row of rows)
            this.#rows.set(row.item.id, row);
        this.list.prepend(...rows.map((row) => row.card));
    }

    ready() {
        this.list.setAttribute('aria-busy', 'false');
    }

    ordered() {
        return Array.from(this.list.children, (card) =>
            this.#rows.get(Number(card.dataset.id)));
    }

    waiting() {
        return this.ordered().filter((row) => row.waits);
    }

    chosen() {
        return this.ordered().filter((row) => row.waits && row.box.checked);
    }

    look(row) {
        this.current?.card.classList.remove('current');
        this.current = row;
        row.card.classList.add('current');
    }

    focus(row) {
        row.card.focus({ preventScroll: true });
        row.card.scrollIntoView({ block: 'nearest' });
    }

    // To the next that waits, or with -1 to the one before; from nowhere, to
    // the first.
    move(by) {
        const all = this.ordered();
        const at = all.indexOf(this.current);
        const way = by > 0 ? all.slice(at + 1)
            : all.slice(0, Math.max(0, at)).reverse();
        const to = way.find((row) => row.waits);

        if (to)
            this.focus(to);
    }

    // Where to look once `rows` are decided: the next that waits, or the last.
    after(rows) {
        const all = this.ordered();
        const last = Math.max(...rows.map((row) => all.indexOf(row)));
        const left = (row) => row.waits && !rows.includes(row);

        return all.slice(last).find(left) ?? all.slice(0, last).findLast(left);
    }

    // How many wait below the one that is looked at.
    ahead() {
        const all = this.ordered();

        return all.slice(all.indexOf(this.current) + 1)
            .filter((row) => row.waits).length;
    }
}
