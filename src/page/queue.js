// What was held and waits for a person. Rows never move by themselves: what
// comes in is offered by a button, what is decided shrinks to a line that can
// be undone.
import { h, alien, button, icon, refill, say } from './dom.js';
import { get, get_dated } from './api.js';
import { bulk_bar, bulk_draw } from './bulk.js';
import { Feed } from './feed.js';
import { Row } from './queue_row.js';
import { site_picker } from './picker.js';
import { count, count_of, DONE } from './words.js';

const PAGE = 20;
const LOOK = 50; // so many of the first are looked at for news
const NEAR_END = 6; // rows left when more are fetched
const SETTLE_MS = 250; // several events in a row are one

export const title = 'Queue';

function closes(action) {
    return action === 'approve' || action === 'spam';
}

export function show(main, app) {
    return new Queue(main, app);
}

class Queue {
    #app;
    #feed = new Feed('Comments that wait');
    #fresh = []; // items that came in and are not shown yet
    #seen_ms = 0; // the server's time when we took the list
    #next = null;
    #waiting = 0;
    #done = []; // batches that can be undone, the last one last
    #thresholds = new Map(); // by site
    #settled = new Map(); // actions, which a list under way may not know of
    #loading = null;
    #timer = 0;
    #gone = new AbortController(); // aborted when the view is left

    constructor(main, app) {
        this.#app = app;
        this.site = app.params.get('site') ?? '';
        this.many_sites = app.session.sites.length > 1;
        this.#build(main);
        this.#listen();
        this.ready = this.#load();
    }

    leave() {
        clearTimeout(this.#timer);
        this.#gone.abort();
    }

    keys() {
        return [
            { key: 'j', does: 'next comment', run: () => this.#move(1) },
            { key: 'k', does: 'comment before', run: () => this.#move(-1) },
            { key: 'a', does: 'approve', run: () => this.#act_key('approve') },
            { key: 's', does: 'spam', run: () => this.#act_key('spam') },
            { key: 'h', does: 'leave it for later',
                run: () => this.#act_key('hold') },
            { key: 'u', does: 'undo the last', run: () => this.#undo_last() },
            { key: 'x', does: 'choose, to decide many at once',
                run: () => this.#choose_key() },
            { key: 'n', does: 'show what is new', run: () => this.#reveal() },
            { key: 'o', does: 'the comment\'s whole story',
                run: () => this.#open() },
        ];
    }

    // What rows ask of the desk.

    thresholds_of(site) {
        return this.#thresholds.get(site);
    }

    act(row, action) {
        const chosen = this.#feed.chosen();

        this.#decide(chosen.includes(row) ? chosen : [row], action);
    }

    undo(row) {
        const batch = this.#done.find(({ rows }) => rows.includes(row));

        if (batch)
            batch.rows = batch.rows.filter((one) => one !== row);
        this.#done = this.#done.filter(({ rows }) => rows.length > 0);
        this.#take_back([row]);
    }

    choose(row) {
        row.card.classList.toggle('chosen', row.box.checked);
        this.#draw_bulk();
    }

    look(row) {
        this.#feed.look(row);
    }

    async unfold(row, list) {
        const { items } = await get(`queue/${row.item.id}/alike`);

        refill(list, items.map((one) => h('li', null,
            h('a', { href: `#/comment/${one.id}` },
                alien(one.author || 'no name')), ' ', alien(one.excerpt))));
    }

    // Building.

    #build(main) {
        this.tally = h('span', { class: 'tally' });
        this.news = button('', () => this.#reveal(),
            { class: 'news', hidden: true });
        this.more = button('More', () => this.#load_more(),
            { class: 'load', hidden: true });
        this.bulk = bulk_bar();
        this.empty = h('div', { class: 'empty', hidden: true });
        refill(main,
            h('div', { class: 'tools' },
                h('h1', null, 'Queue'), this.tally, this.news,
                site_picker(this.#app, true)),
            this.#feed.list, this.empty, this.more, this.bulk);
    }

    #listen() {
        const { signal } = this.#gone;
        const { live, outbox } = this.#app;
        const watch = new IntersectionObserver(([seen]) =>
            seen.isIntersecting && this.#load_more());

        watch.observe(this.more);
        signal.addEventListener('abort', () => watch.disconnect());
        live.addEventListener('queue', () => this.#soon(), { signal });
        live.addEventListener('up', () => this.#soon(), { signal });
        outbox.addEventListener('answered', ({ detail }) =>
            this.#answered(detail), { signal });
        outbox.addEventListener('refused', ({ detail }) =>
            this.#refused(detail), { signal });
    }

    #fetch(fields) {
        return get_dated('queue', { site: this.site, ...fields });
    }

    async #load() {
        const page = await this.#fetch({ limit: PAGE });

        this.#seen_ms = page.asked_ms;
        await this.#learn_thresholds(page.items);
        this.#append(page);
        this.#feed.ready();
        if (document.activeElement === document.body)
            this.#move(1);
    }

    // Without them the lines have no ticks, and that is all.
    async #learn_thresholds(items) {
        const sites = new Set(items.map((item) => item.site));

        await Promise.all([...sites].filter((s) => !this.#thresholds.has(s))
            .map(async (site) => {
                const found = await get('settings', { site })
                    .catch(() => ({}));

                this.#thresholds.set(site, found.thresholds);
            }));
    }

    #load_more() {
        if (!this.#next || this.#loading)
            return;
        this.#loading = this.#fetch({ limit: PAGE, after: this.#next })
            .then((page) => this.#append(page), () => {})
            .finally(() => {
                this.#loading = null;
            });
    }

    #append(page) {
        this.#next = page.next;
        this.#waiting = page.waiting;
        for (const row of this.#make(page.items))
            this.#feed.append(row);
        this.more.hidden = !page.next;
        this.#draw_tally();
    }

    // Rows for the items that have none yet.
    #make(items) {
        const unsent = this.#app.outbox.entries();

        return items.filter(({ id }) => !this.#feed.has(id)).map((item) => {
            const row = new Row(item, this);
            const last = unsent.filter(({ decisions }) =>
                decisions.includes(item.id)).at(-1);
            const action = last?.action ?? this.#settled.get(item.id);

            if (action && action !== 'undo')
                row.decide(action);
            return row;
        });
    }

    // What is left for later goes on waiting.
    #draw_tally() {
        const unsent = this.#app.outbox.entries()
            .filter(({ action }) => closes(action))
            .reduce((n, { decisions }) => n + decisions.length, 0);
        const waits = Math.max(0, this.#waiting - unsent);

        this.tally.textContent = waits === 0 ? 'nothing waits'
            : `${count(waits)} ${waits === 1 ? 'waits' : 'wait'}`;
        this.#app.badge(waits);
        this.#draw_empty(waits);
    }

    #draw_empty(waits) {
        const over = !this.#next && !this.#feed.waiting().length;

        this.empty.hidden = !over;
        if (over)
            refill(this.empty, icon('approve'), waits > 0
                ? [h('p', null, 'You have looked at all of them.'),
                    h('p', { class: 'quiet' }, `${count(waits)} left for ` +
                        'later. ', button('Look at those again', () =>
                        this.#again(), { class: 'plain' }))]
                : [h('p', null, 'Nothing waits for you.'),
                    h('p', { class: 'quiet' }, 'What comes in shows up ' +
                        'here by itself. All that was decided is under ',
                    h('a', { href: '#/verdicts' }, 'Verdicts'), '.')]);
    }

    #again() {
        for (const row of this.#feed.ordered())
            if (row.decided === 'hold')
                this.#bring_back([row]);
        this.#move(1);
    }

    // Moving and choosing.

    #move(by) {
        this.#feed.move(by);
        this.#keep_ahead();
    }

    #keep_ahead() {
        if (this.#feed.ahead() < NEAR_END)
            this.#load_more();
    }

    #choose_key() {
        const row = this.#feed.current;

        if (!row?.waits)
            return;
        row.box.checked = !row.box.checked;
        this.choose(row);
    }

    #open() {
        if (this.#feed.current)
            this.#app.go(`comment/${this.#feed.current.item.id}`);
    }

    #draw_bulk() {
        const chosen = this.#feed.chosen();

        bulk_draw(this.bulk, chosen.length,
            (action) => this.#decide(chosen, action),
            () => this.#choose_none());
    }

    #choose_none() {
        for (const row of this.#feed.chosen()) {
            row.box.checked = false;
            this.choose(row);
        }
    }

    // Deciding.

    #act_key(action) {
        const chosen = this.#feed.chosen();

        if (chosen.length)
            this.#decide(chosen, action);
        else if (this.#feed.current?.waits)
            this.#decide([this.#feed.current], action);
        else
            this.#move(1);
    }

    #decide(rows, action) {
        const ids = rows.flatMap((row) => row.ids());
        const after = this.#feed.after(rows);

        rows.forEach((row) => row.decide(action));
        this.#done.push({ rows });
        this.#app.outbox.add(action, ids);
        this.#draw_bulk();
        this.#draw_tally();
        say(`${DONE[action]}: ${rows.length === 1 ? rows[0].name
            : count_of(rows.length, 'comment')}.`);
        if (after)
            this.#feed.focus(after);
        this.#keep_ahead();
    }

    #undo_last() {
        const batch = this.#done.pop();

        if (batch)
            this.#take_back(batch.rows);
        else
            say('Nothing to undo.');
    }

    #take_back(rows) {
        this.#app.outbox.add('undo', rows.flatMap((row) => row.ids()));
        this.#bring_back(rows);
        this.#feed.focus(rows[0]);
        say(`Taken back: ${rows.length === 1 ? rows[0].name
            : count_of(rows.length, 'comment')}.`);
    }

    #bring_back(rows, note) {
        for (const row of rows) {
            row.box.checked = false;
            row.card.classList.remove('chosen');
            row.decide(null, note);
        }
        this.#draw_tally();
    }

    // What the server says.

    #answered({ entry, results }) {
        for (const { decision, outcome, standing } of results) {
            const row = this.#feed.get(decision);

            this.#settled.set(decision, entry.action);
            if (row && outcome === 'unknown')
                row.decide('taken');
            else if (row && standing?.state === 'skipped')
                say(`${row.name}: somebody at the site was faster.`);
        }
        if (closes(entry.action))
            this.#waiting -= entry.decisions.length;
        this.#draw_tally();
        this.#soon();
    }

    #refused({ entry, error }) {
        const rows = entry.decisions.map((id) => this.#feed.get(id))
            .filter((row) => row);

        this.#bring_back(rows, `Not done: ${error.message}`);
        say(`Not done: ${error.message}`);
    }

    #soon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#look_again(), SETTLE_MS);
    }

    async #look_again() {
        await this.#ask_news();
        if (this.#fresh.length && !this.#feed.waiting().length)
            await this.#put_first();
    }

    // What is further down and was there before is no news.
    async #ask_news() {
        const page = await this.#fetch({ limit: LOOK }).catch(() => null);

        if (!page || this.#gone.signal.aborted)
            return;
        this.#waiting = page.waiting;
        this.#fresh = page.items.filter((item) =>
            !this.#feed.has(item.id) && item.at_ms > this.#seen_ms);
        for (const { id } of page.items)
            if (this.#feed.get(id)?.decided === 'taken')
                this.#bring_back([this.#feed.get(id)]);
        if (!page.next)
            this.#strike(new Set(page.items.flatMap((item) =>
                [item.id, ...item.alike_ids])));
        this.#draw_news();
        this.#draw_tally();
    }

    // The server's list is whole: what it lacks was decided elsewhere.
    #strike(ids) {
        const unsent = new Set(this.#app.outbox.entries()
            .flatMap(({ decisions }) => decisions));

        for (const row of this.#feed.waiting())
            if (!ids.has(row.item.id) && !unsent.has(row.item.id))
                row.decide('taken');
    }

    #draw_news() {
        const n = this.#fresh.length;

        this.news.hidden = n === 0;
        this.news.textContent = `${count(n)} new`;
        if (n)
            say(`${count_of(n, 'new comment')}.`);
    }

    // Asked for once more, as copies of it may have come since.
    async #reveal() {
        if (this.#fresh.length === 0)
            return;
        await this.#ask_news();
        await this.#put_first();
    }

    async #put_first() {
        const items = this.#fresh;

        this.#fresh = [];
        await this.#learn_thresholds(items);
        const rows = this.#make(items);

        this.#feed.prepend(rows);
        this.#draw_news();
        this.#draw_tally();
        if (rows.length)
            this.#feed.focus(rows[0]);
    }
}
