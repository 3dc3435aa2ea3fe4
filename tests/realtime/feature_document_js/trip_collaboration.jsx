function TripCollaboration({ userId, tripId }) {
    const { messages, isConnected, joinTrip, sendMessage } = useWebSocket(userId);

    useEffect(() => {
        if (isConnected) {
            joinTrip(tripId);
        }
    }, [isConnected, tripId]);

    const handleTripUpdate = (newData) => {
        sendMessage({
            type: 'trip_update',
            trip_id: tripId,
            data: newData
        });
    };

    return (
        <div>
            {isConnected ? '🟢 Live' : '🔴 Offline'}
            {/* Your UI here */}
        </div>
    );
}
