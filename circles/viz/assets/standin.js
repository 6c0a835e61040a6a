// Stands in for the drawing library until the first picture is painted: it keeps what the library is given later.
var vis = {
  DataSet: class {
    constructor(rows) { this.rows = rows; }
    get() { return {}; }
  },
  Network: class {
    constructor(frame, sets, options) { this.options = options; }
  },
};
