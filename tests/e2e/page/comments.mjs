// Comments written for these tests: each says something else, so that none is
// taken for a copy of another.
const said = [
    'The lock keeper retired in May and nobody has been hired since.',
    'My grandmother baked that bread with rye from the hill farm.',
    'Could you check the tram numbers again? Line seven was never closed.',
    'An honest report for once, thank you to whoever sat in that meeting.',
    'The council promised a swimming pool before three elections.',
    'Our choir sang in the old chapel when the roof still leaked.',
    'Wolves were seen near Harstad already in 2011, ask the sheep owners.',
    'I disagree with the second half, the first half is spot on.',
    'Try walking there in winter, the steps are a sheet of ice.',
    'The map has north and east the wrong way round.',
    'Bees do not care about your new zoning plan, sadly.',
    'Has the author ever tried to park a cargo bicycle downtown?',
    'Twelve pages of budget and not one line about libraries.',
    'That violin belonged to a farmer, not to the duke.',
    'We measured the noise ourselves: 71 decibels at midnight.',
    'Potatoes failed in the wet field but the dry slope did fine.',
    'Please interview the nurses next time, they know the wards.',
    'The ferry timetable in your table is the summer one.',
    'What a lovely photograph of the quay, is it for sale as a print?',
    'Nobody asked the fishermen, again.',
    'Chess club meets on Thursdays, beginners welcome, tea included.',
    'The stadium lights can be seen from the observatory, that is bad.',
    'Half of these houses stand empty from October to April.',
    'Correction: the mayor was elected in 2019 and not in 2018.',
    'A goat ate the ballot box in my village, true story.',
    'Recycling glass by colour was abolished years ago in our town.',
    'The bridge sways because the cables were never tightened.',
    'Students pay more for a room than I pay for my flat.',
    'If the museum is free, why do I need a ticket with a time?',
    'Solar panels on the church are ugly but the heating bill is gone.',
    'Tell us what the well water was tested for.',
    'My cousin drives that snow plough and sleeps four hours a night.',
    'Those cherries are from the valley, look at the size of them.',
    'The article forgets the strike of the bakers in 1974.',
    'It rained on the parade and everyone stayed, that says it all.',
    'Fewer signs, more benches: that is my whole programme.',
    'Which dictionary was used for the dialect words?',
    'The owls left when the old poplars were felled.',
    'Even the postman gets lost in the new quarter.',
    'Trains were slower in 1988 and yet on time.',
];

const names = ['Ada Brink', 'Bo Lind', 'Carla Mott', 'Dan Ufer',
    'Eva Strand', 'Finn Aas', 'Gro Vik', 'Hugo Berg', 'Ina Dahl', 'Jon Moe'];

export const COMMENTS_NR = said.length;

// One that holds, whatever a model thinks of it: the site blog approves none.
export function comment(i, prefix = 'c') {
    return { id: `${prefix}${i}`, text: said[i % said.length],
        author: `${names[i % names.length]} ${i}`,
        author_email: `reader${i}@mail.example`,
        author_ip: `192.0.2.${1 + i % 250}`,
        post_title: `What the town talks about, part ${1 + i % 4}`,
        permalink: `https://news.example/town/${1 + i % 4}/`,
        date: '2026-11-27T10:00:00' };
}

export function some(nr, prefix, from = 0) {
    return Array.from({ length: nr }, (_, i) => comment(from + i, prefix));
}

// The same message sent again and again, each time a little different.
export function copies(nr, prefix = 'copy') {
    return Array.from({ length: nr }, (_, i) => ({ id: `${prefix}${i}`,
        text: 'Dear friends, our garden tools from the family workshop are ' +
            'sharpened by hand and sent to your door within two days; see ' +
            `https://garden-tools-${prefix}.example/offer?visit=${i} and ` +
            'tell your neighbours about it before the frost comes back.',
        author: `Gardener ${i}`, author_email: `g${i}@tools.example`,
        post_title: 'Autumn in the garden' }));
}
