// What may be changed. Everybody may look at thresholds, lists and models; an
// admin changes them, and sees accounts and the audit log.
import { h, refill } from './dom.js';
import { site_picker } from './picker.js';
import { thresholds } from './thresholds.js';
import { lists } from './lists.js';
import { models } from './models.js';
import { accounts } from './accounts.js';
import { audit } from './audit.js';

export const title = 'Settings';

const tabs = [
    { name: 'thresholds', words: 'Thresholds', draw: thresholds, site: true },
    { name: 'lists', words: 'Lists', draw: lists, site: true },
    { name: 'models', words: 'Learning and models', draw: models,
        site: true },
    { name: 'accounts', words: 'Accounts', draw: accounts, admin: true },
    { name: 'audit', words: 'Audit log', draw: audit, admin: true },
];

// What goes wrong in one room leaves the others open.
async function fill(room, drawn) {
    try {
        await drawn;
    } catch (error) {
        refill(room, h('p', { class: 'wrong', role: 'alert' },
            error.message));
    }
}

export function show(main, app) {
    const admin = app.session.role === 'admin';
    const mine = tabs.filter((tab) => admin || !tab.admin);
    const now = mine.find(({ name }) => name === app.detail) ?? mine[0];
    const site = app.params.get('site');
    const link = ({ name, words }) => h('a', {
        href: `#/settings/${name}${site ? `?site=${
            encodeURIComponent(site)}` : ''}`,
        'aria-current': name === now.name ? 'page' : null }, words);
    const room = h('section', { 'aria-label': now.words });
    const gone = new AbortController();

    refill(main, h('div', { class: 'tools' }, h('h1', null, 'Settings'),
        now.site && site_picker(app, false)),
    h('nav', { class: 'tabs', 'aria-label': 'Settings' }, mine.map(link)),
    !admin && h('p', { class: 'quiet' }, 'Only an admin can change these.'),
    room);
    return { ready: fill(room, now.draw(room, app,
        { admin, gone: gone.signal })), leave: () => gone.abort() };
}
