/** Socket.IO, over its websocket transport alone. `node socketio.js <port>` */
import { createServer } from "node:http";
import { Server } from "socket.io";
import { updated } from "./messages.js";

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
    const { trip, user } = socket.handshake.query;
    socket.join(trip);
    socket.on("itinerary_update", (message) => {
        io.to(trip).emit("itinerary_updated", updated(message, user));
    });
    socket.emit("joined", { type: "joined", trip_id: trip });
});
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
