// A hundred payloads in every field of a comment: nothing runs, nothing is
// asked of another host, and every one is shown as the text that it is.
import { readFileSync } from 'node:fs';
import {
    ADMIN, check, finish, holds, judge, open_browser, same, signed_in, soon,
    visit,
} from './lib.mjs';

const payloads = readFileSync(new URL('payloads.txt', import.meta.url),
    'utf8').trim().split('\n');
const browser = await open_browser();
const { context, call, page, amiss } = await signed_in(browser, ADMIN);

function hostile(payload, i) {
    return { id: `hostile-${i} ${payload}`, author: payload,
        text: `Number ${i} says ${payload} and nothing else.`,
        author_url: `https://evil.example/${payload}`,
        author_email: `${payload}@evil.example`, author_ip: payload,
        user_agent: payload, date: payload, permalink: payload,
        post_title: payload, post_text: payload, parent_text: payload,
        type: payload, role: payload, lang: payload };
}

// Entities keep the payload out of the markup: what a reader would see is
// the payload itself.
function escaped(payload, i) {
    const text = Array.from(payload, (letter) => /[a-z0-9 ]/i.test(letter)
        ? letter : `&#${letter.codePointAt(0)};`).join('');

    return { id: `escaped-${i}`, author: `Escaped ${i}`, post_title: text,
        parent_text: `Answer to ${text}`,
        text: `Letter ${i} begins: ${text}` };
}

// What is in the document and was not put there by the page.
function strangers() {
    const ours = 'script[src^="/page/"], link[href^="/page/"], svg.icon, ' +
        'svg.icon path, a[href^="#"], dialog#help, textarea, form.filters, ' +
        'form.row, form.form';
    const risky = 'script, link, svg, svg *, a, img, iframe, object, ' +
        'embed, base, style, form, textarea, dialog, video, audio, source, ' +
        'picture, math, template, marquee, x, [srcdoc], [src]:not(script), ' +
        '[action], [formaction], [ping], [background], [contenteditable], ' +
        'meta[http-equiv]';
    const handlers = [...document.querySelectorAll('*')].filter((element) =>
        element.getAttributeNames().some((name) => name.startsWith('on')));

    return [...document.querySelectorAll(risky), ...handlers]
        .filter((element) => !element.matches(ours))
        .map((element) => element.outerHTML.slice(0, 100));
}

async function clean() {
    same(await page.evaluate(strangers), []);
    same(amiss, []);
}

const found = new Map(); // judgements by the site's id

async function collect() {
    let after = '';

    found.clear();
    do {
        const { body } = await call('GET', `verdicts?limit=100${after}`);

        for (const one of body.items)
            found.set(one.comment, one.id);
        after = body.next && `&after=${encodeURIComponent(body.next)}`;
    } while (after);
    return found;
}

const sent = payloads.map(hostile);
const coded = payloads.map(escaped);

same(payloads.length, 100);
for (const list of [sent, coded])
    for (let i = 0; i < list.length; i += 50)
        await judge(context, list.slice(i, i + 50));
await soon(collect, () => [...sent, ...coded].every(({ id }) =>
    found.has(id)), 'all are on record');

await check('the queue', async () => {
    await visit(page, '#/queue');
    await page.locator('.card').first().waitFor();
    while (await page.locator('.load').isVisible()) {
        const nr = await page.locator('.card').count();

        await page.locator('.load').scrollIntoViewIfNeeded();
        await page.waitForFunction((was) =>
            document.querySelectorAll('.card').length > was ||
            document.querySelector('.load').hidden, nr);
    }
    const shown = await page.locator('.author > bdi').allTextContents();

    holds(shown.filter((name) => payloads.includes(name)).length > 0,
        'no payload is there');
    await clean();
});

await check('every folded copy', async () => {
    for (const fold of await page.locator('.copies summary').all())
        await fold.click();
    await clean();
});

for (const [i, payload] of payloads.entries())
    await check(`payload ${i + 1}: ${payload}`, async () => {
        await visit(page, `#/comment/${found.get(sent[i].id)}`);
        await page.locator('.story').waitFor();
        same(await page.locator('h1 .author > bdi').textContent(), payload);
        const facts = await page.locator('.facts dd').allTextContents();

        for (const one of ['id', 'author_url', 'author_email', 'author_ip',
            'date', 'permalink'])
            holds(facts.includes(sent[i][one]), `${one} is another`);
        const raw = page.locator('pre');
        const text = await raw.count() ? await raw.textContent()
            : await page.locator('.text').textContent();

        same(text, sent[i].text);
        await clean();
    });

await check('what entities hide is shown as it reads', async () => {
    for (const [i, payload] of payloads.entries()) {
        // Entities within the payload are read once more, as old exports
        // have them.
        if (/&|\[/.test(payload))
            continue;
        const { body } = await call('GET',
            `verdicts/${found.get(coded[i].id)}`);
        const { item } = body;
        const text = item.text.map((part) => part.text).join('');

        await visit(page, `#/comment/${item.id}`);
        same(await page.locator('.text').textContent(), text);
        same(await page.locator('cite').textContent(), item.post.title);
        same(await page.locator('.parent bdi').textContent(), item.parent);
        for (const shown of [text, item.post.title, item.parent])
            holds(shown.includes(payload), `${shown} has no ${payload}`);
    }
    await clean();
});

await check('the list of verdicts', async () => {
    let after = '';

    do {
        const fields = new URLSearchParams(after && { after });
        const { body } = await call('GET', `verdicts?${fields}`);

        await visit(page, `#/verdicts?${fields}`);
        same(await page.locator('.c-author').allTextContents(),
            body.items.map((one) => one.author || 'no name'));
        same(await page.locator('.c-text').allTextContents(),
            body.items.map((one) => one.excerpt));
        await clean();
        after = body.next;
    } while (after);
});

await check('filters that are payloads', async () => {
    for (const payload of payloads) {
        const fields = new URLSearchParams({ q: payload, author: payload,
            host: payload, reason: payload, model: payload, site: payload,
            since: payload, verdict: payload });

        await visit(page, `#/verdicts?${fields}`);
        await page.waitForFunction((text) => document.querySelector(
            '[name=q]')?.value === text, payload);
    }
    await clean();
});

await check('addresses that are payloads', async () => {
    for (const [i, payload] of payloads.entries())
        await visit(page, `#/${i % 2 ? 'comment/' : ''}${
            encodeURIComponent(payload)}`);
    await clean();
});

await check('nothing was kept for a link, and none is clickable', async () => {
    await visit(page, `#/comment/${found.get(sent[0].id)}`);
    await page.locator('.story').waitFor();
    same(await page.locator('.story a').evaluateAll((links) =>
        links.map((link) => link.getAttribute('href'))
            .filter((href) => !href.startsWith('#/comment/'))), []);
});

await browser.close();
finish();
