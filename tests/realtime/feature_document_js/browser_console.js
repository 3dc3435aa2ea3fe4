// Open browser console
const ws = new WebSocket('ws://localhost:8000/api/v1/ws/testuser');

ws.onmessage = (e) => console.log(JSON.parse(e.data));

// Join a trip
ws.send(JSON.stringify({
    type: 'join_trip',
    trip_id: 'trip123'
}));

// Send a trip update
ws.send(JSON.stringify({
    type: 'trip_update',
    trip_id: 'trip123',
    data: { title: 'New Trip Title' }
}));
