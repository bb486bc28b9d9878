import { h, refill } from './dom.js';
import { call } from './api.js';
import { field, form } from './form.js';

export const title = 'Sign in';

function first_time() {
    return h('p', null, 'Nobody has an account yet. The terminal in which ',
        h('code', null, 'sluice serve'), ' runs shows a link that works ' +
        'once; open it to make the first one.');
}

export function show(main, app) {
    const sign_in = form(async ({ login, password }) => {
        await app.signed_in(await call('POST', 'session',
            { login, password }));
    }, 'Sign in',
    field('Name', { name: 'login', autocomplete: 'username',
        autocapitalize: 'none', spellcheck: 'false', autofocus: true }),
    field('Password', { name: 'password', type: 'password',
        autocomplete: 'current-password' }));

    refill(main, h('section', { class: 'door' },
        h('h1', null, 'Sign in'),
        app.session.setup ? first_time() : sign_in));
    main.querySelector('input')?.focus();
    return {};
}
