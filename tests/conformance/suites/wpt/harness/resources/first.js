const loaded = ['first'];
