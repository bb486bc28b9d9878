// Whom the owner trusts and whom not, one entry a line.
import { h, refill } from './dom.js';
import { call, get, query } from './api.js';
import { form } from './form.js';
import { the_site } from './picker.js';

function entries(text) {
    return text.split('\n').map((entry) => entry.trim())
        .filter((entry) => entry);
}

function box(name, label, list, admin) {
    return h('div', { class: 'field' },
        h('label', { for: name }, label),
        h('textarea', { id: name, name, rows: 14, spellcheck: 'false',
            readonly: !admin, 'aria-describedby': 'entries' },
        list.join('\n')));
}

export async function lists(room, app, { admin }) {
    const site = the_site(app);
    const { allow, deny } = await get('settings', { site });
    const boxes = h('div', { class: 'two' },
        box('allow', 'Allow: approved whatever they say', allow, admin),
        box('deny', 'Deny: marked as spam', deny, admin));

    async function save(values) {
        await call('PUT', query('settings', { site }), {
            allow: entries(values.allow), deny: entries(values.deny) });
        return 'Taken; the next comment is judged by them.';
    }

    refill(room, h('p', { id: 'entries', class: 'quiet' },
        'One entry a line: ', ['email:ann@example.com',
            'email:@example.com', 'domain:cheap.example',
            'ip:203.0.113.0/24', 'author:Michael Hannah', 'word:viagra',
            'role:editor'].map((one, i) => [i > 0 && ', ',
            h('code', null, one)])),
    admin ? form(save, 'Take these', boxes) : boxes);
}
