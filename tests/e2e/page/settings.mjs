// Thresholds with their preview, lists, models, the audit log.
import {
    ADMIN, check, finish, holds, judge, open_browser, same, signed_in, soon,
    token, visit,
} from './lib.mjs';

const browser = await open_browser();
const { context, call, page, amiss } = await signed_in(browser, ADMIN);
const great = page.locator('.preview .great');
const taken = page.getByText('Taken; the next comment');

async function set(label, value) {
    await page.getByRole('spinbutton', { name: label }).fill(String(value));
}

async function judged(comment) {
    const [verdict] = await judge(context, [comment], `${token}2`);

    return verdict;
}

async function audit(what) {
    const { body } = await call('GET', 'audit?limit=100');

    return body.items.filter((one) => what(one));
}

await visit(page, '#/settings/thresholds?site=news');

await check('the preview counts the last comments', async () => {
    await page.getByRole('heading', { name: /On the last \d+ comments/ })
        .waitFor();
    await great.filter({ hasText: 'No verdict would be another one' })
        .waitFor();
});

await check('and says what others would do', async () => {
    const { body } = await call('POST', 'settings/preview?site=news',
        { approve_below: 0, spam_at: 1, abuse_hold_at: 0 });
    const more = body.then.hold - body.now.hold;

    holds(more > 0, 'nothing would be held');
    await set('Approve below', 0);
    await set('Spam at', 1);
    await set('Hold abuse at', 0);
    await great.filter({ hasText: `${more} more held` }).waitFor();
    same(body.then.approve + body.then.hold + body.then.spam, body.nr);
    same(await page.locator('.moved li').count(), body.changed.length);
});

await check('the slider and the number are one', async () => {
    const slider = page.getByRole('slider', { name: 'Spam at' });

    await slider.fill('0.9');
    same(await page.getByRole('spinbutton', { name: 'Spam at' })
        .inputValue(), '0.9');
});

const honest = { id: 'threshold', author: 'Ada Brink',
    text: 'The bakery on the corner has closed for good.' };

await check('nothing is changed before it is taken', async () => {
    const { body } = await call('GET', 'settings?site=news');

    same(body.changed, false);
});

await check('once taken, the next comment is judged by it', async () => {
    await set('Approve below', 0);
    await set('Spam at', 1);
    await page.getByRole('button', { name: 'Take these' }).click();
    await taken.waitFor();
    await soon(() => judged({ ...honest, id: `t${Date.now()}` }),
        (one) => one.verdict === 'hold', 'all is held');
});

await check('who, what, before and after are on record', async () => {
    const [entry] = await audit((one) => one.site === 'news' &&
        one.what === 'settings' && one.subject === 'spam_at');

    same(entry.who, ADMIN.login);
    holds(entry.before !== entry.after && entry.after, 'no difference');
});

await check('and the way back', async () => {
    await page.getByRole('button', { name: 'As configured' }).click();
    await soon(() => call('GET', 'settings?site=news'),
        ({ body }) => !body.changed, 'as configured');
});

await check('the deny list', async () => {
    await visit(page, '#/settings/lists?site=news');
    await page.getByLabel('Deny').fill(
        'domain:bakery-deals.example\nword:zeppelinitis');
    await page.getByRole('button', { name: 'Take these' }).click();
    await taken.waitFor();
    const verdict = await soon(() => judged({ ...honest,
        id: `d${Date.now()}`, text: 'I suffer from zeppelinitis.' }),
    (one) => one.verdict === 'spam', 'it is denied');

    same(verdict.reasons[0].feature, 'deny_list');
});

await check('a list that makes no sense is refused, and why', async () => {
    await page.getByLabel('Allow').fill('nonsense without a kind');
    await page.getByRole('button', { name: 'Take these' }).click();
    await page.locator('.outcome.wrong', { hasText: /./ }).waitFor();
    const { body } = await call('GET', 'settings?site=news');

    same(body.allow, []);
    same(body.deny.length, 2);
});

await check('models: the general one judges', async () => {
    await visit(page, '#/settings/models?site=blog');
    await page.getByText(/Judged by the general model/).waitFor();
});

await check('learn now, and hear how it ended', async () => {
    await page.getByRole('button', { name: 'Learn now' }).click();
    await soon(() => call('GET', 'models?site=blog'),
        ({ body }) => !body.learning && body.last !== '', 'it ends');
    await page.getByText('The last learning:').waitFor();
});

await check('the audit log', async () => {
    await visit(page, '#/settings/audit');
    await page.getByRole('table', { name: 'Audit log' }).waitFor();
    await page.getByLabel('Who').fill('bert');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/who=bert/);
    await soon(() => page.locator('.records tbody td[data-head=Who]')
        .allTextContents(), (names) => names.length > 0 &&
        names.every((name) => name === 'bert'), 'only bert');
});

await check('an account can be shut', async () => {
    same((await call('POST', 'accounts',
        { login: 'carl', role: 'moderator' })).status, 201);
    await visit(page, '#/settings/accounts');
    await page.getByRole('button', { name: 'Disable: carl' }).click();
    await page.getByRole('row', { name: /carl.*disabled/ }).waitFor();
});

await check('nothing was amiss', async () => same(amiss, []));
await browser.close();
finish();
