/** Node `ws`: what comes in goes out to the room. `node ws.js <port>` */
import { updated } from "./messages.js";
import { serve } from "./rooms.js";

serve(Number(process.argv[2]), updated);
