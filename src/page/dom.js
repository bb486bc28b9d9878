// Elements are built, never parsed: whatever a comment says can only become a
// text node or the value of a harmless attribute.

const SVG = 'http://www.w3.org/2000/svg';

// Attributes that could run or load something are refused, whoever asks.
function set(element, name, value) {
    if (value === undefined || value === null || value === false)
        return;
    if (/^(on|src|style|action|formaction|xlink)/i.test(name))
        throw new Error(`attribute ${name}`);
    if (name === 'href' && !/^#/.test(value))
        throw new Error('a link leads elsewhere');
    element.setAttribute(name, value === true ? '' : value);
}

function fill(element, child) {
    if (Array.isArray(child))
        child.forEach((one) => fill(element, one));
    else if (child instanceof Node)
        element.append(child);
    else if (child !== undefined && child !== null && child !== false)
        element.append(document.createTextNode(String(child)));
}

// h('p', { class: 'x', on: { click: f } }, 'text', node, [more], null)
export function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    const { on, ...others } = attributes ?? {};

    for (const [name, value] of Object.entries(others))
        set(element, name, value);
    for (const [event, run] of Object.entries(on ?? {}))
        element.addEventListener(event, run);
    fill(element, children);
    return element;
}

// Strangers' words: they may run right to left, and must not turn ours round.
export function alien(text, attributes) {
    return h('bdi', attributes, text);
}

export function button(label, run, attributes) {
    return h('button', { type: 'button', ...attributes, on: { click: run } },
        label);
}

export function refill(element, ...children) {
    element.replaceChildren();
    fill(element, children);
    return element;
}

const drawing = {
    approve: 'M3 8.5l3.2 3.2L13 4.5',
    spam: 'M4 4l8 8M12 4l-8 8',
    hold: 'M5.5 3.5v9M10.5 3.5v9',
    undo: 'M6 3L3 6l3 3M3 6h6a3.5 3.5 0 010 7H6',
    theme: 'M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13z' +
        'm0 1.6v9.8a4.9 4.9 0 000-9.8z',
    person: 'M8 8.2a2.8 2.8 0 100-5.6 2.8 2.8 0 000 5.6z' +
        'M2.8 14c.5-3 2.6-4 5.2-4s4.7 1 5.2 4',
    keys: 'M1.5 4.5h13v8h-13zM4 7h.5M6.7 7h.5M9.3 7h.5M12 7h.5M5 10h6',
};

// A small sign beside words; the words are what is read out.
export function icon(name) {
    const svg = document.createElementNS(SVG, 'svg');
    const path = document.createElementNS(SVG, 'path');

    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('class', `icon icon-${name}`);
    svg.setAttribute('aria-hidden', 'true');
    path.setAttribute('d', drawing[name]);
    svg.append(path);
    return svg;
}

// Tell those who listen rather than look.
export function say(words) {
    document.getElementById('said').textContent = words;
}
