class ReconnectingWebSocket {
    constructor(url, maxRetries = 5) {
        this.url = url;
        this.maxRetries = maxRetries;
        this.retries = 0;
        this.connect();
    }

    connect() {
        this.ws = new WebSocket(this.url);
        
        this.ws.onopen = () => {
            console.log('Connected');
            this.retries = 0;
        };
        
        this.ws.onclose = () => {
            if (this.retries < this.maxRetries) {
                this.retries++;
                console.log(`Reconnecting... (${this.retries}/${this.maxRetries})`);
                setTimeout(() => this.connect(), 2000 * this.retries);
            }
        };
    }

    send(data) {
        if (this.ws.readyState === WebSocket.OPEN) {
            this.ws.send(JSON.stringify(data));
        }
    }
}
