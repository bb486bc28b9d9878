// Who did what. Nothing here can be changed.
import { h, alien, button, refill } from './dom.js';
import { get } from './api.js';
import { records } from './records.js';
import { when } from './words.js';

function row_of(entry) {
    return [when(entry.at_ms), alien(entry.who),
        entry.what.replaceAll('_', ' '), alien(entry.site),
        alien(entry.subject), alien(entry.before), alien(entry.after)];
}

function search(app) {
    const who = h('input', { name: 'who', value: app.params.get('who') ?? '',
        'aria-label': 'Who', placeholder: 'who' });

    return h('form', { class: 'row', role: 'search', on: { submit(event) {
        event.preventDefault();
        app.set({ who: who.value.trim(), after: '' });
    } } }, who, h('button', { type: 'submit' }, 'Show'));
}

export async function audit(room, app) {
    const page = await get('audit', { who: app.params.get('who'),
        after: app.params.get('after') });

    refill(room, search(app),
        records('Audit log', ['When', 'Who', 'What', 'Site', 'About',
            'Before', 'After'], page.items.map(row_of)),
        page.next && h('div', { class: 'pages' }, button('Older →', () =>
            app.set({ after: page.next }))));
}
