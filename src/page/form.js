// Forms that send with fetch: a label for every field, one line for what is
// wrong, and a button that cannot be pressed twice.
import { h, refill } from './dom.js';

let numbers = 0;

export function field(label, attributes, hint) {
    const id = `field-${++numbers}`;
    const described = hint ? `${id}-hint` : null;

    return h('div', { class: 'field' },
        h('label', { for: id }, label),
        h('input', { id, required: true, 'aria-describedby': described,
            ...attributes }),
        hint && h('p', { id: described, class: 'quiet' }, hint));
}

// `send(values)` may throw; its message is shown. What it returns, if
// anything, is said below the form.
export function form(send, submit, ...children) {
    const outcome = h('p', { class: 'outcome', role: 'status' });
    const go = h('button', { type: 'submit', class: 'main' }, submit);
    const element = h('form', { class: 'form', on: { submit: sent } },
        children, outcome, h('div', { class: 'row' }, go));

    async function sent(event) {
        event.preventDefault();
        go.disabled = true;
        outcome.classList.remove('wrong');
        try {
            const values = Object.fromEntries(new FormData(element));

            refill(outcome, await send(values));
        } catch (error) {
            outcome.classList.add('wrong');
            refill(outcome, error.message);
        }
        go.disabled = false;
    }

    return element;
}
