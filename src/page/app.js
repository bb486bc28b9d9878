// Where the page begins: who is there, which view the address names, and the
// bar above them all. Addresses are "#/view/detail?filters".
import { h, button, icon, refill, say } from './dom.js';
import { ask_session, call, take_session, Unreached } from './api.js';
import { Live } from './live.js';
import { Outbox } from './outbox.js';
import { keys_help, keys_of } from './keys.js';
import { theme_button } from './theme_button.js';
import { age, count, count_of } from './words.js';
import * as queue from './queue.js';

// The queue is what people come for; the rest is fetched when it is wanted.
const views = {
    queue: () => queue,
    verdicts: () => import('./verdicts.js'),
    comment: () => import('./comment.js'),
    doing: () => import('./doing.js'),
    settings: () => import('./settings.js'),
    account: () => import('./account.js'),
    login: () => import('./login.js'),
    setup: () => import('./setup.js'),
};
const MINUTE_MS = 60000;
const open_to_all = ['login', 'setup'];

const main = document.getElementById('main');
const bar = document.getElementById('bar');
const line = document.getElementById('line');
const badge = h('span', { class: 'badge', hidden: true });
const state = h('span', { class: 'live' });

const app = {
    session: null, outbox: null, live: null, params: null, detail: '',
    badge: show_badge, go, set, signed_in, sign_out,
};
let view = null;
let wanted = ''; // where to go after signing in
let title = '';
let up = true; // whether the server's events come
let broken = false; // the view could not be shown; tried again when up

function show_badge(n) {
    badge.hidden = n === 0;
    badge.textContent = count(n);
    show_title();
}

function show_title() {
    const waits = badge.hidden ? '' : `(${badge.textContent}) `;

    document.title = `${waits}${title} – sluice`;
}

function grow_older() {
    for (const time of document.querySelectorAll('time'))
        time.textContent = age(Date.parse(time.dateTime));
}

function go(path, params) {
    const given = new URLSearchParams(params).toString();

    location.hash = `#/${path}${given ? `?${given}` : ''}`;
}

// Change some of the address's fields; an empty one goes.
function set(fields) {
    const params = new URLSearchParams(app.params);

    for (const [name, value] of Object.entries(fields)) {
        if (value)
            params.set(name, value);
        else
            params.delete(name);
    }
    go([app.name, app.detail].filter((part) => part).join('/'), params);
}

function address() {
    const [path, fields] = location.hash.replace(/^#\/?/, '').split('?');
    const [name, ...rest] = path.split('/');

    return { name: name || 'queue', detail: rest.join('/'),
        params: new URLSearchParams(fields) };
}

function link(name, words, extra) {
    return h('a', { href: `#/${name}`, 'data-view': name }, words, extra);
}

function draw_bar() {
    const { session } = app;

    refill(bar, h('a', { class: 'brand', href: '#/queue' }, 'sluice'),
        session.signed_in && h('nav', { 'aria-label': 'Views' },
            link('queue', 'Queue', badge), link('verdicts', 'Verdicts'),
            link('doing', 'How it is doing'), link('settings', 'Settings')),
        h('div', { class: 'bar-end' },
            session.signed_in && state,
            session.signed_in && button([icon('keys'),
                h('span', { class: 'unseen' }, 'Keyboard help')], keys_help,
            { class: 'round', title: 'Keyboard (?)' }),
            theme_button(),
            session.signed_in && h('a', { href: '#/account', class: 'me',
                'data-view': 'account', 'aria-label':
                    `Your account: ${session.login}` },
            icon('person'), h('span', null, session.login))));
}

function mark_bar() {
    for (const a of bar.querySelectorAll('[data-view]')) {
        if (a.dataset.view === app.name)
            a.setAttribute('aria-current', 'page');
        else
            a.removeAttribute('aria-current');
    }
}

// The line at the foot: shown only while something is amiss.
function draw_line() {
    const kept = app.outbox?.entries()
        .reduce((n, { decisions }) => n + decisions.length, 0) ?? 0;
    const amiss = app.outbox?.stuck || !navigator.onLine || !up;

    state.classList.toggle('down', !!amiss);
    state.textContent = amiss ? 'offline' : 'live';
    line.hidden = !amiss;
    if (amiss)
        refill(line, h('span', null, h('strong', null, 'No connection. '),
            kept ? `${count_of(kept, 'decision')} kept on this device, sent ` +
                'as soon as sluice answers.' : 'Nothing is lost.'),
            button('Try now', () => app.outbox?.flush(), { class: 'plain' }));
}

function connect() {
    if (app.live)
        return;
    up = true;
    app.outbox = new Outbox(app.session.login);
    app.live = new Live();
    for (const [type, is] of [['up', true], ['down', false]])
        app.live.addEventListener(type, () => {
            up = is;
            draw_line();
            if (up)
                app.outbox?.flush();
            if (up && broken)
                route();
        });
    app.live.addEventListener('queue', ({ detail }) =>
        show_badge(detail.waiting ?? 0));
    app.outbox.addEventListener('changed', draw_line);
    app.outbox.flush();
}

function disconnect() {
    app.live?.close();
    app.outbox?.close();
    app.live = null;
    app.outbox = null;
    up = true;
    draw_line();
}

async function signed_in(session) {
    app.session = take_session(session);
    connect();
    draw_bar();
    const before = location.hash;

    go(wanted || 'queue');
    wanted = '';
    if (location.hash === before)
        await route();
}

async function sign_out(path = 'session') {
    await call('DELETE', path);
    app.session = await ask_session();
    disconnect();
    draw_bar();
    go('login');
}

function failed(error) {
    // What a browser says when a module does not come is for programmers.
    const words = error instanceof TypeError && !navigator.onLine
        ? new Unreached().message : error.message;

    broken = true;
    refill(main, h('div', { class: 'empty' },
        h('p', { role: 'alert' }, words),
        button('Try again', route)));
}

let turn = 0; // the view of an earlier turn comes too late

async function route() {
    const mine = ++turn;
    const found = address();
    const name = views[found.name] ? found.name : 'queue';

    if (!app.session.signed_in && !open_to_all.includes(name)) {
        wanted = location.hash.replace(/^#\/?/, '');
        go('login');
        return;
    }
    Object.assign(app, found, { name });
    main.setAttribute('aria-busy', 'true');
    broken = false;
    try {
        const module = await views[name]();

        if (mine !== turn)
            return;
        view?.leave?.();
        keys_of([]);
        view = module.show(main, app);
        keys_of(view.keys?.() ?? []);
        title = module.title;
        show_title();
        mark_bar();
        await view.ready;
    } catch (error) {
        if (mine === turn)
            failed(error);
    }
    if (mine === turn) {
        main.setAttribute('aria-busy', 'false');
        main.dataset.address = location.hash;
    }
}

// The session ended: the view stays as it is behind the question who it is.
function signed_out() {
    if (!app.session?.signed_in)
        return;
    app.session = { ...app.session, signed_in: false };
    disconnect();
    draw_bar();
    say('Please sign in again.');
    route();
}

async function begin() {
    window.addEventListener('hashchange', route);
    window.addEventListener('signed-out', signed_out);
    setInterval(grow_older, MINUTE_MS);
    for (const type of ['online', 'offline'])
        window.addEventListener(type, draw_line);
    try {
        app.session = await ask_session();
    } catch (error) {
        failed(error);
        return;
    }
    if (app.session.signed_in)
        connect();
    draw_bar();
    await route();
}

begin();
