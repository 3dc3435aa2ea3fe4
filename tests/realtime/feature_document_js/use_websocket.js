import { useEffect, useState, useRef } from 'react';

export const useWebSocket = (userId) => {
    const [messages, setMessages] = useState([]);
    const [isConnected, setIsConnected] = useState(false);
    const ws = useRef(null);

    useEffect(() => {
        ws.current = new WebSocket(`ws://localhost:8000/api/v1/ws/${userId}`);
        
        ws.current.onopen = () => {
            console.log('WebSocket Connected');
            setIsConnected(true);
        };
        
        ws.current.onmessage = (event) => {
            const data = JSON.parse(event.data);
            setMessages(prev => [...prev, data]);
        };
        
        ws.current.onclose = () => {
            console.log('WebSocket Disconnected');
            setIsConnected(false);
        };
        
        return () => {
            ws.current?.close();
        };
    }, [userId]);

    const sendMessage = (message) => {
        if (ws.current?.readyState === WebSocket.OPEN) {
            ws.current.send(JSON.stringify(message));
        }
    };

    const joinTrip = (tripId) => {
        sendMessage({ type: 'join_trip', trip_id: tripId });
    };

    const leaveTrip = (tripId) => {
        sendMessage({ type: 'leave_trip', trip_id: tripId });
    };

    return { messages, isConnected, sendMessage, joinTrip, leaveTrip };
};
