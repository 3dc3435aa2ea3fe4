/** The hook for Preact: `import { useWebSocket } from "#realtime/preact.js"`. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { createUseWebSocket } from "./hook.js";

export const useWebSocket = createUseWebSocket({ useCallback, useEffect, useRef, useState });
