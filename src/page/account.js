import { h, button, refill } from './dom.js';
import { call, take_session } from './api.js';
import { field, form } from './form.js';

export const title = 'Your account';

async function change({ old, fresh, again }) {
    if (fresh !== again)
        throw new Error('The two new passwords differ.');
    take_session(await call('PUT', 'password', { old, new: fresh }));
    return 'Changed. You are signed out everywhere else.';
}

function password() {
    const fresh = { type: 'password', minlength: 12,
        autocomplete: 'new-password' };

    return form(change, 'Change it',
        field('Password now', { name: 'old', type: 'password',
            autocomplete: 'current-password' }),
        field('New password', { ...fresh, name: 'fresh' },
            'At least 12 characters.'),
        field('New password, once more', { ...fresh, name: 'again' }));
}

export function show(main, app) {
    const { login, role } = app.session;

    refill(main, h('section', { class: 'narrow' },
        h('h1', null, 'Your account'),
        h('p', null, 'Signed in as ', h('strong', null, login), ', ',
            role === 'admin' ? 'an admin.' : 'a moderator.'),
        h('div', { class: 'row' },
            button('Sign out', () => app.sign_out()),
            button('Sign out everywhere', () => app.sign_out('sessions'))),
        h('h2', null, 'Password'), password()));
    return {};
}
