// The other end of a one-time link: for the first account, and for whoever an
// admin has invited or given a new password.
import { h, refill } from './dom.js';
import { call } from './api.js';
import { field, form } from './form.js';

export const title = 'Welcome';

async function use(app, token, { login, password, again }) {
    if (password !== again)
        throw new Error('The two passwords differ.');
    const session = await call('POST', 'setup',
        { token, password, ...login && { login } });

    await app.signed_in(session);
}

function questions(app, token, invite) {
    const name = { name: 'login', autocomplete: 'username',
        autocapitalize: 'none', spellcheck: 'false' };

    return form((values) => use(app, token, values), 'Begin',
        invite.login
            ? field('Name', { ...name, value: invite.login, readonly: true })
            : field('Name', name, '2 to 40 of a-z, 0-9, . _ -'),
        field('Password', { name: 'password', type: 'password',
            minlength: 12, autocomplete: 'new-password' },
        'At least 12 characters; a few words are best.'),
        field('Password, once more', { name: 'again', type: 'password',
            minlength: 12, autocomplete: 'new-password' }));
}

async function look(main, app) {
    const token = app.params.get('token') ?? '';
    const door = h('section', { class: 'door' }, h('h1', null, 'Welcome'));

    refill(main, door);
    try {
        const invite = await call('POST', 'setup/look', { token });

        door.append(h('p', null, 'This link works once, and makes you ',
            invite.role === 'admin' ? 'an admin.' : 'a moderator.'),
        questions(app, token, invite));
        door.querySelector('input:not([readonly])').focus();
    } catch (error) {
        door.append(h('p', { class: 'wrong', role: 'alert' }, error.message));
    }
}

export function show(main, app) {
    return { ready: look(main, app) };
}
