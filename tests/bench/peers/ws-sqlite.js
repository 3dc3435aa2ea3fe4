/** Node `ws` with better-sqlite3: each change is a transaction of its own, then told. `node ws-sqlite.js <port>` */
import Database from "better-sqlite3";
import { updated } from "./messages.js";
import { serve } from "./rooms.js";

const { DATABASE, TRIPS, MEMBERS, STOPS } = process.env;
const db = new Database(DATABASE);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.pragma("foreign_keys = ON");
db.exec(`
    CREATE TABLE trip (id TEXT PRIMARY KEY, seq INTEGER NOT NULL);
    CREATE TABLE member (trip TEXT REFERENCES trip, person TEXT, PRIMARY KEY (trip, person));
    CREATE TABLE stop (trip TEXT REFERENCES trip, id TEXT, title TEXT NOT NULL, PRIMARY KEY (trip, id));
    CREATE TABLE change (
        trip TEXT REFERENCES trip, seq INTEGER, object TEXT, before TEXT, after TEXT,
        actor TEXT, mutation TEXT, time TEXT, PRIMARY KEY (trip, seq), UNIQUE (trip, actor, mutation)
    );
`);

db.transaction(() => {
    for (let trip = 0; trip < TRIPS; trip++) {
        const id = `trip${trip}`;
        db.prepare("INSERT INTO trip VALUES (?, 0)").run(id);
        for (let at = 0; at < MEMBERS; at++) db.prepare("INSERT INTO member VALUES (?, ?)").run(id, `u${trip * MEMBERS + at}`);
        for (let at = 0; at < STOPS; at++) db.prepare("INSERT INTO stop VALUES (?, ?, ?)").run(id, `s${at}`, `Stop ${at}`);
    }
})();

const member = db.prepare("SELECT 1 FROM member WHERE trip = ? AND person = ?");
const stop = db.prepare("SELECT title FROM stop WHERE trip = ? AND id = ?").pluck();
const rename = db.prepare("UPDATE stop SET title = ? WHERE trip = ? AND id = ?");
const count = db.prepare("UPDATE trip SET seq = seq + 1 WHERE id = ? RETURNING seq").pluck();
const record = db.prepare("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

const store = db.transaction((message, person) => {
    const { trip_id: trip, id, data, mutation_id: mutation } = message;
    if (!member.get(trip, person)) throw new Error("not a member");
    const before = JSON.stringify({ activity: stop.get(trip, id) });
    const change = { ...updated(message, person), seq: count.get(trip) };
    rename.run(data.activity, trip, id);
    record.run(trip, change.seq, id, before, JSON.stringify(data), person, mutation, change.timestamp);
    return change;
});

serve(Number(process.argv[2]), (message, person) => store.immediate(message, person));
