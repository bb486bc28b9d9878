// The queue by keyboard: deciding, taking back, many at once, copies together,
// what comes in meanwhile, and a network that goes away.
import {
    ADMIN, MODERATOR, check, finish, holds, judge, open_browser, same,
    signed_in, soon, visit, waits,
} from './lib.mjs';
import { copies, some } from './comments.mjs';

const browser = await open_browser();
const { context, call, page, amiss } = await signed_in(browser, MODERATOR);
const admin = await signed_in(browser, ADMIN);
const cards = page.locator('.card');
const waiting = page.locator('.card[data-state=waits]');
const current = page.locator('.card.current');

async function verdicts(fields) {
    const { body } = await call('GET', `verdicts?limit=100&${fields}`);

    return body.items;
}

// What each comment of these ids is now, in one word each.
async function standing(ids) {
    const items = await verdicts('site=blog');
    const now = new Map(items.map((one) =>
        [one.comment, one.standing.verdict]));

    return ids.map((id) => now.get(id));
}

async function becomes(ids, wanted) {
    const all = ids.map(() => wanted).join();

    await soon(() => standing(ids), (now) => now.join() === all,
        `${ids.join()} are ${wanted}`);
}

async function audit() {
    const { body } = await admin.call('GET', 'audit?limit=100');

    return body.items;
}

// How often anybody did something with these after the entry `since`, by the
// audit log.
async function done_with(ids, what, since) {
    return (await audit()).filter((one) => one.id > since &&
        one.what === what && ids.includes(one.subject))
        .map((one) => one.subject).sort();
}

async function newest_entry() {
    return (await audit())[0].id;
}

async function comment_of_current() {
    const id = Number(await current.getAttribute('data-id'));
    const { body } = await call('GET', `verdicts/${id}`);

    return body.item.comment;
}

async function press_on_current(key) {
    const comment = await comment_of_current();
    const id = await current.getAttribute('data-id');

    await page.keyboard.press(key);
    await page.locator(`.card[data-id="${id}"]:not([data-state=waits])`)
        .waitFor();
    return comment;
}

async function press_on(nr, key) {
    const ids = [];

    for (let i = 0; i < nr; i++)
        ids.push(await press_on_current(key));
    return ids;
}

async function all_sent() {
    await page.waitForFunction(() => Object.keys(localStorage)
        .filter((key) => key.startsWith('sluice.outbox.'))
        .every((key) => localStorage.getItem(key) === '[]'));
}

await judge(context, some(36, 'c'));
await waits(call, 36);
await visit(page, '#/queue');
await current.waitFor();

await check('all that waits is counted', async () => {
    await page.getByText('36 wait', { exact: true }).waitFor();
});

const decided = { a: [], s: [], h: [] };

await check('30 comments are decided by keyboard alone', async () => {
    for (let i = 0; i < 10; i++)
        for (const key of 'ash')
            decided[key].push(await press_on_current(key));
    await all_sent();
    await becomes(decided.a, 'approve');
    await becomes(decided.s, 'spam');
    await becomes(decided.h, 'hold');
});

await check('what is left for later goes on waiting', async () => {
    await waits(call, 16);
    await page.getByText('16 wait', { exact: true }).waitFor();
    same(await waiting.count(), 6);
});

await check('u takes the last one back', async () => {
    const last = decided.h.at(-1);

    await page.keyboard.press('u');
    await page.waitForFunction(() => document
        .querySelectorAll('.card[data-state=waits]').length === 7);
    same(await comment_of_current(), last);
    await all_sent();
    await waits(call, 16);
});

await check('the button takes back one further up', async () => {
    const [wanted] = decided.s;
    const line = page.locator('.card[data-state=spam]').first();

    await line.getByRole('button', { name: /Undo/ }).click();
    same(await comment_of_current(), wanted);
    await becomes([wanted], 'hold');
    await waits(call, 17);
});

await check('j and k go to what waits, and no further', async () => {
    const seen = new Set();

    for (let i = 0; i < 12; i++) {
        await page.keyboard.press('k');
        seen.add(await current.getAttribute('data-id'));
    }
    const top = await current.getAttribute('data-id');

    for (let i = 0; i < 12; i++) {
        await page.keyboard.press('j');
        seen.add(await current.getAttribute('data-id'));
    }
    same(seen.size, 8);
    same(top, await waiting.first().getAttribute('data-id'));
    same(await current.getAttribute('data-id'),
        await waiting.last().getAttribute('data-id'));
});

await check('x chooses three, s marks all of them at once', async () => {
    const ids = [];

    for (let i = 0; i < 12; i++)
        await page.keyboard.press('k');
    for (let i = 0; i < 3; i++) {
        ids.push(await comment_of_current());
        await page.keyboard.press('x');
        await page.keyboard.press('j');
    }
    await page.getByText('3 chosen').waitFor();
    await page.keyboard.press('s');
    await becomes(ids, 'spam');
    await page.keyboard.press('u');
    await becomes(ids, 'hold');
    await waits(call, 17);
    await page.getByText('3 chosen').waitFor({ state: 'hidden' });
});

await check('a click on a button does the same', async () => {
    const card = waiting.first();
    const id = await card.getAttribute('data-id');

    await card.getByRole('button', { name: 'Approve' }).click();
    await page.locator(`.card[data-id="${id}"][data-state=approve]`)
        .waitFor();
    await waits(call, 16);
});

await check('letters in a field are letters', async () => {
    await visit(page, '#/verdicts');
    await page.getByLabel('Search').first().fill('');
    await page.getByLabel('Search').first().pressSequentially('as?');
    same(await page.locator('dialog[open]').count(), 0);
});

await check('? lists the keys; letters can be switched off', async () => {
    await visit(page, '#/queue');
    await current.waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog');

    await help.getByText('comment before').waitFor();
    await help.getByLabel('Letters are shortcuts').uncheck();
    await help.getByRole('button', { name: 'Close' }).click();
    const before = await current.getAttribute('data-id');

    await page.keyboard.press('j');
    same(await current.getAttribute('data-id'), before);
    await page.getByRole('button', { name: 'Keyboard help' }).click();
    await help.getByLabel('Letters are shortcuts').check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    holds(await current.getAttribute('data-id') !== before, 'j does nothing');
});

// What comes in.

await check('what is new is offered and moves nothing', async () => {
    const box = await current.boundingBox();
    const text = await current.innerText();

    await judge(context, some(3, 'new', 36));
    await page.getByRole('button', { name: '3 new' }).waitFor();
    same(await current.boundingBox(), box);
    same(await current.innerText(), text);
    same(await cards.count(), 16);
});

await check('and comes first when it is wanted', async () => {
    await page.keyboard.press('n');
    await page.waitForFunction(() =>
        document.querySelectorAll('.card').length === 19);
    holds(/^new/.test(await comment_of_current()), 'it is not looked at');
    await page.getByRole('button', { name: '3 new' })
        .waitFor({ state: 'hidden' });
    await page.getByText('19 wait', { exact: true }).waitFor();
});

await check('what a colleague decides is seen here', async () => {
    const id = Number(await waiting.last().getAttribute('data-id'));

    same((await admin.call('POST', 'actions', { id: 'colleague-0001',
        action: 'spam', decisions: [id] })).status, 200);
    await page.locator(`.card[data-id="${id}"][data-state=taken]`).waitFor();
    await waits(call, 18);
});

await check('copies are one row, and decided together', async () => {
    const alike = copies(7);

    await judge(context, alike);
    await waits(call, 25);
    await page.getByRole('button', { name: '1 new' }).click();
    await current.getByText('and 6 like it').click();
    await soon(() => current.locator('.copies li').count(),
        (nr) => nr === 6, 'six copies are listed');
    await current.getByRole('button', { name: 'Spam all 7' }).click();
    await becomes(alike.map((one) => one.id), 'spam');
    await page.keyboard.press('u');
    await becomes(alike.map((one) => one.id), 'hold');
    await waits(call, 25);
});

await check('or only the one that is looked at', async () => {
    await current.getByLabel('decide them together').uncheck();
    await current.getByRole('button', { name: 'Spam', exact: false }).click();
    await waits(call, 24);
    const ids = copies(7).map((one) => one.id);
    const now = await standing(ids);

    same(now.filter((one) => one === 'spam').length, 1);
    // From here on each row is one comment.
    const left = (await verdicts('site=blog')).filter((one) =>
        ids.includes(one.comment) && one.standing.verdict === 'hold');

    same((await call('POST', 'actions', { id: 'the-other-six',
        action: 'spam', decisions: left.map((one) => one.id) })).status, 200);
    await waits(call, 18);
});

// The network.

const line = page.locator('#line');

await check('without a network decisions are kept', async () => {
    await visit(page, '#/queue');
    await current.waitFor();
    decided.since = await newest_entry();
    await context.setOffline(true);
    decided.off = await press_on_offline(4);
    await line.getByText('4 decisions kept on this device').waitFor();
    same(await page.locator('.live').textContent(), 'offline');
    await waits(admin.call, 18);
});

// Which comments these are is known afterwards: the server can't be asked.
async function press_on_offline(nr) {
    const ids = [];

    for (let i = 0; i < nr; i++) {
        ids.push(Number(await current.getAttribute('data-id')));
        await page.keyboard.press('a');
    }
    return ids;
}

async function names(ids) {
    const found = await Promise.all(ids.map((id) =>
        admin.call('GET', `verdicts/${id}`)));

    return found.map(({ body }) => body.item.comment).sort();
}

await check('and sent when it is back, each once', async () => {
    await context.setOffline(false);
    await line.waitFor({ state: 'hidden' });
    await all_sent();
    const ids = await names(decided.off);

    await becomes(ids, 'approve');
    same(await done_with(ids, 'approve', decided.since), ids);
});

await check('an answer that is lost is asked for again', async () => {
    const since = await newest_entry();
    let lost = 0;

    await page.route('**/v1/page/actions', async (route) => {
        if (lost++ === 0) {
            await route.fetch();
            await route.abort('connectionreset');
        } else {
            await route.continue();
        }
    });
    const ids = [await press_on_current('s')];

    await soon(() => lost, (n) => n >= 2, 'it is sent again');
    await all_sent();
    await page.unroute('**/v1/page/actions');
    await becomes(ids, 'spam');
    same(await done_with(ids, 'spam', since), ids);
});

await check('two windows send it once', async () => {
    const since = await newest_entry();
    const second = await context.newPage();

    await visit(second, '#/queue');
    await second.locator('.card.current').waitFor();
    await context.setOffline(true);
    const pressed = await press_on_offline(2);

    await line.getByText('2 decisions kept').waitFor();
    await context.setOffline(false);
    await all_sent();
    const ids = await names(pressed);

    await becomes(ids, 'approve');
    same(await done_with(ids, 'approve', since), ids);
    await second.close();
});

await check('decisions outlive the session', async () => {
    const since = await newest_entry();

    await context.setOffline(true);
    const pressed = await press_on_offline(2);

    await line.getByText('2 decisions kept').waitFor();
    await context.clearCookies();
    await context.setOffline(false);
    await page.getByLabel('Name').fill(MODERATOR.login);
    await page.getByLabel('Password').fill(MODERATOR.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await current.waitFor();
    await all_sent();
    const ids = await names(pressed);

    await becomes(ids, 'approve');
    same(await done_with(ids, 'approve', since), ids);
});

await check('a window closed without a network loses nothing', async () => {
    const since = await newest_entry();

    await context.setOffline(true);
    const ids = await press_on_offline(3);

    await line.getByText('3 decisions kept').waitFor();
    await page.close();
    await context.setOffline(false);
    const again = await context.newPage();

    await visit(again, '#/queue');
    const wanted = await names(ids);

    await becomes(wanted, 'approve');
    same(await done_with(wanted, 'approve', since), wanted);
    await again.close();
});

await check('nothing was amiss', async () => same(amiss, []));
await browser.close();
finish();
