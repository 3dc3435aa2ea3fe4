/** What the Node peers tell. */

let seq = 0;

/** A change, as everybody in the room is told of it. */
export const updated = (message, person) => ({
    type: "itinerary_updated",
    trip_id: message.trip_id,
    seq: ++seq,
    op: "set",
    id: message.id,
    data: message.data,
    updated_by: person,
    timestamp: new Date().toISOString(),
    mutation_id: message.mutation_id,
});
