// Who may use the page. Nobody's password is ever seen: a new account, or one
// whose password is forgotten, gets a link that works once.
import { h, button, refill, say } from './dom.js';
import { call, get } from './api.js';
import { field, form } from './form.js';
import { records } from './records.js';
import { when } from './words.js';

class Accounts {
    #me;

    constructor(room, me) {
        this.#me = me;
        this.room = room;
        this.outcome = h('div', { role: 'status' });
    }

    async open() {
        const { accounts } = await get('accounts');

        refill(this.room,
            records('Accounts', ['Name', 'Role', 'State', 'Last seen',
                'Change'], accounts.map((one) => this.#row(one))),
            this.outcome,
            h('div', { class: 'narrow' }, h('h2', null, 'Invite'),
                this.#invitation()));
    }

    #row(one) {
        const other = one.role === 'admin' ? 'moderator' : 'admin';
        const shut = one.state === 'disabled';

        return [h('strong', null, one.login), one.role, one.state,
            one.seen_ms ? when(one.seen_ms) : 'never',
            one.login === this.#me ? 'that is you'
                : h('div', { class: 'row' },
                    this.#change(one, `Make ${other}`, { role: other }),
                    this.#change(one, shut ? 'Enable' : 'Disable',
                        { disabled: !shut }),
                    this.#change(one, 'New link', { invite: true }))];
    }

    #change({ login }, words, body) {
        return button(words, async () => {
            try {
                const { link } = await call('PATCH',
                    `accounts/${encodeURIComponent(login)}`, body);

                await this.open();
                refill(this.outcome, link ? this.#link(login, link)
                    : `${login}: done.`);
            } catch (error) {
                refill(this.outcome,
                    h('p', { class: 'wrong' }, error.message));
            }
            say(this.outcome.textContent);
        }, { 'aria-label': `${words}: ${login}` });
    }

    #link(login, link) {
        return h('p', null, `Give this link to ${login}. It works once, ` +
            'and is not shown again:',
        h('code', { class: 'secret' },
            location.origin + link));
    }

    #invitation() {
        const role = h('div', { class: 'field' },
            h('label', { for: 'new-role' }, 'Role'),
            h('select', { id: 'new-role', name: 'role' },
                h('option', { value: 'moderator' }, 'moderator'),
                h('option', { value: 'admin' }, 'admin')));

        return form(async (values) => {
            const { account, link } = await call('POST', 'accounts', values);

            await this.open();
            refill(this.outcome, this.#link(account.login, link));
        }, 'Invite', field('Name', { name: 'login', autocapitalize: 'none',
            spellcheck: 'false', autocomplete: 'off' },
        '2 to 40 of a-z, 0-9, . _ -'), role);
    }
}

export function accounts(room, app) {
    return new Accounts(room, app.session.login).open();
}
