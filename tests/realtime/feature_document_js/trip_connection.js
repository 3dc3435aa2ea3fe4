const tripWs = new WebSocket('ws://localhost:8000/api/v1/ws/trip/trip123?user_id=user456');
