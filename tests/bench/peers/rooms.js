/** A `ws` server with rooms: `ws` documents a broadcast as a loop over its clients, and so is this. */
import { WebSocket, WebSocketServer } from "ws";

/** Serves on `port`. `change(message, person)` makes of an update what everybody is told. */
export function serve(port, change) {
    const rooms = new Map();
    const server = new WebSocketServer({ port, host: "127.0.0.1", backlog: 4096 });

    server.on("connection", (socket, request) => {
        const url = new URL(request.url, "http://localhost");
        const trip = url.pathname.slice("/ws/".length);
        const person = url.searchParams.get("user_id");
        if (!rooms.has(trip)) rooms.set(trip, new Set());
        const room = rooms.get(trip);
        room.add(socket);
        socket.on("error", console.error);
        socket.on("close", () => {
            room.delete(socket);
            if (!room.size) rooms.delete(trip);
        });
        socket.on("message", (data) => {
            const text = JSON.stringify(change(JSON.parse(data), person));
            for (const each of room) if (each.readyState === WebSocket.OPEN) each.send(text);
        });
        socket.send(JSON.stringify({ type: "joined", trip_id: trip }));
    });
}
