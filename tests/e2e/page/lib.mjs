// What the scripts that drive the page share. The surroundings are named in
// the environment: PAGE_URL, PAGE_TOKEN (of the site blog), PAGE_NPM.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

const require = createRequire(`${process.env.PAGE_NPM}/`);
const { chromium } = require('playwright-core');

export const url = process.env.PAGE_URL;
export const token = process.env.PAGE_TOKEN;
export const axe = readFileSync(require.resolve('axe-core/axe.min.js'),
    'utf8');
export const ADMIN = { login: 'anna', password: 'four plain words here' };
export const MODERATOR = { login: 'bert', password: 'other plain words too' };

// A slow machine is given time; a condition is never waited for by the clock.
export const PATIENCE_MS = 60000;

let passed = 0;
let failed = 0;

export async function check(name, run) {
    try {
        await run();
        passed++;
    } catch (error) {
        failed++;
        console.log(`FAILED: ${name}`);
        console.log(String(error.stack ?? error).split('\n').slice(0, 14)
            .map((line) => `    ${line}`).join('\n'));
    }
}

export function same(is, wanted) {
    if (!isDeepStrictEqual(is, wanted))
        throw new Error(`is:     ${JSON.stringify(is)}\n` +
            `wanted: ${JSON.stringify(wanted)}`);
}

export function holds(condition, words) {
    if (!condition)
        throw new Error(words);
}

// soon(async () => value, good): the first value that is good.
export async function soon(ask, good, words = ask.toString()) {
    const end = Date.now() + PATIENCE_MS;
    let value;

    do {
        value = await ask();
        if (good(value))
            return value;
        await new Promise((done) => setTimeout(done, 50));
    } while (Date.now() < end);
    throw new Error(`not in time: ${words}; last ${JSON.stringify(value)}`);
}

export async function open_browser() {
    return chromium.launch({ executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

// A window on the page, and all that should never happen in one.
export async function open_window(browser, options = {}) {
    const context = await browser.newContext({
        viewport: { width: 1440, height: 900 }, ...options });
    const amiss = [];

    context.setDefaultTimeout(PATIENCE_MS);
    await context.route((to) => to.origin !== url, (route) => {
        amiss.push(`asks ${route.request().url()}`);
        return route.abort();
    });
    context.on('weberror', (error) =>
        amiss.push(`script: ${error.error().stack}`));
    context.on('dialog', (dialog) => {
        amiss.push(`dialog: ${dialog.message()}`);
        return dialog.dismiss();
    });
    context.on('console', (message) => {
        if (/Content Security Policy|Content-Security-Policy/
            .test(message.text()))
            amiss.push(message.text());
    });
    return { context, amiss };
}

// Requests of the page's own interface without the page.
export function caller(context) {
    let csrf = '1';

    async function call(method, path, data, headers) {
        const answer = await context.request.fetch(`${url}/v1/page/${path}`, {
            method, data, headers: { 'X-CSRF-Token': csrf, Origin: url,
                ...headers } });
        const text = await answer.text();

        return { status: answer.status(), headers: answer.headers(),
            body: text ? JSON.parse(text) : null };
    }

    async function sign_in({ login, password }) {
        const { body, status } = await call('POST', 'session',
            { login, password });

        same(status, 200);
        csrf = body.csrf;
        return body;
    }

    return { call, sign_in };
}

export async function signed_in(browser, who, options) {
    const window = await open_window(browser, options);
    const { call, sign_in } = caller(window.context);

    await sign_in(who);
    return { ...window, call, page: await window.context.newPage() };
}

// The view at `hash`, once all of it is there.
export async function visit(page, hash) {
    await page.goto(`${url}/${hash}`);
    await shown(page);
}

export async function shown(page) {
    await page.waitForFunction(() => {
        const main = document.getElementById('main');

        return main.getAttribute('aria-busy') === 'false' &&
            main.dataset.address === location.hash;
    });
}

// Comments to be judged at the site blog, as a program sends them.
export async function judge(context, comments, bearer = token) {
    const answer = await context.request.post(`${url}/v1/judge`, {
        headers: { Authorization: `Bearer ${bearer}`,
            'Content-Type': 'application/x-ndjson' },
        data: comments.map((one) => JSON.stringify(one)).join('\n') });
    const lines = (await answer.text()).trim().split('\n').map(JSON.parse);

    same(answer.status(), 200);
    same(lines.filter((line) => line.error), []);
    return lines;
}

export async function waits(call, nr) {
    const { body } = await soon(() => call('GET', 'queue?limit=1'),
        ({ body: queue }) => queue.waiting === nr, `${nr} comments wait`);

    return body;
}

export function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed ? 1 : 0);
}
