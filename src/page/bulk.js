// The bar that stands over the foot of the queue while some are chosen.
import { h, button, icon, refill } from './dom.js';
import { count, LABEL } from './words.js';

export function bulk_bar() {
    return h('div', { class: 'bulk', role: 'group',
        'aria-label': 'Chosen comments', hidden: true });
}

export function bulk_draw(bar, nr, act, choose_none) {
    bar.hidden = nr === 0;
    refill(bar, h('span', { class: 'bulk-count' }, `${count(nr)} chosen`),
        Object.entries(LABEL).map(([action, label]) => button(
            [icon(action), label], () => act(action),
            { class: `act act-${action}` })),
        button('Choose none', choose_none, { class: 'plain' }));
}
