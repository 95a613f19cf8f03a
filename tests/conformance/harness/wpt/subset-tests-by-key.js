// In place of /common/subset-tests-by-key.js: runs a test when the variant
// (`?include=KEY,KEY`, `?exclude=KEY`) has its key.
{
    const [, word, keys = ''] = /[?&](include|exclude)=([^&]*)/.exec(location.search) ?? [];

    globalThis.subsetTestByKey = (key, kind, ...values) => {
        if (word === undefined || keys.split(',').includes(key) === (word === 'include')) return kind(...values);
    };
}
