const Database = require('libsql-itself');

module.exports = new Proxy(Database, { apply: (target, _this, given) => Reflect.construct(target, given) });
