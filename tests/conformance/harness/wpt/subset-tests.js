// In place of /common/subset-tests.js: runs a test when the variant's range of numbers
// (`?1-100`, `?101-last`) has it.
{
    let number = 0;
    const [, first, last] = /^\?(\d+)-(\d+|last)$/.exec(location.search) ?? [];

    globalThis.subsetTest = (kind, ...values) => {
        number++;
        if (first === undefined || (number >= first && (last === 'last' || number <= last))) return kind(...values);
    };
}
