const values = {
  'a symbol': Symbol('s'),
  'a bigint': 10n,
  'an object without a prototype': Object.create(null),
  'a cycle': (object => (object.self = object))({}),
  'a revoked proxy': (({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable({}, {})),
  'a lone surrogate': '\ud800',
  'a large array': new Uint8Array(1e5),
};

for (const [name, value] of Object.entries(values)) {
  test(() => console.log(value, [value], { value }), `${name} can be logged`);
}
