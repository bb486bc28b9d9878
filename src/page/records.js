// A table of records; on a phone each record is a block with its heads beside
// the values.
import { h } from './dom.js';

// `rows` are arrays of what h() takes, one for each head.
export function records(label, heads, rows) {
    const row = (cells) => h('tr', null, cells.map((cell, i) =>
        h('td', { 'data-head': heads[i] }, cell)));

    return h('table', { class: 'records' },
        h('caption', { class: 'unseen' }, label),
        h('thead', null, h('tr', null, heads.map((head) =>
            h('th', { scope: 'col' }, head)))),
        h('tbody', null, rows.map(row)));
}
