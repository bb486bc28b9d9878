// The keyboard: each view says which keys it knows; "?" lists them. Single
// letters can be switched off, for those who speak to their computer
// (WCAG 2.1.4).
import { h, button, refill } from './dom.js';

const SWITCH = 'sluice.keys';
let known = [];

function remembered() {
    try {
        return localStorage.getItem(SWITCH) !== 'off';
    } catch {
        return true;
    }
}

function remember(on) {
    try {
        localStorage.setItem(SWITCH, on ? 'on' : 'off');
    } catch {
        // For as long as the page is open, then.
    }
}

let on = remembered();

// keys_of([{ key: 'j', does: 'next comment', run }]); the last call counts.
export function keys_of(list) {
    document.getElementById('help')?.close();
    known = [...list, { key: '?', does: 'this help', run: keys_help }];
}

function typing(target) {
    return target.closest?.('input:not([type=checkbox]), textarea, select');
}

function pressed(event) {
    const found = known.find(({ key }) => key === event.key);

    if (!on || !found || event.ctrlKey || event.metaKey || event.altKey ||
        typing(event.target) || document.querySelector('dialog[open]'))
        return;
    event.preventDefault();
    found.run();
}

function row({ key, does }) {
    return [h('dt', null, h('kbd', null, key)), h('dd', null, does)];
}

function switcher() {
    const box = h('input', { type: 'checkbox', checked: on, on: {
        change() {
            on = box.checked;
            remember(on);
        },
    } });

    return h('label', { class: 'check' }, box, 'Letters are shortcuts');
}

export function keys_help() {
    const dialog = document.getElementById('help') ??
        document.body.appendChild(h('dialog',
            { id: 'help', 'aria-labelledby': 'help-title' }));

    refill(dialog,
        h('h2', { id: 'help-title' }, 'Keyboard'),
        h('dl', { class: 'keys' }, known.map(row)),
        switcher(),
        h('div', { class: 'row end' },
            button('Close', () => dialog.close(), { autofocus: true })));
    dialog.showModal();
}

document.addEventListener('keydown', pressed);
