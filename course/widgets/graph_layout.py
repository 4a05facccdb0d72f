"""Where the nodes of a graph stand: a column for each operation on the way, rows so that few edges cross."""

from itertools import islice, permutations

ORDERS = 1000  # of the variables that are tried
WIDTH, EDGE, TOP = 720, 46, 38  # pixels: of the picture, and from its sides to the middle of a node


def layout(graph):
    """The middle (x, y) of each node in pixels: variables just before they are first used, results on the right."""
    columns = graph.depth
    users = [[other for other, node in enumerate(graph.nodes) if place in node.inputs]
             for place in range(len(graph.nodes))]  # fmt: skip
    variables = [place for place, node in enumerate(graph.nodes) if not node.op]
    columns = [min(columns[user] for user in users[place]) - 1 if place in variables else column
               for place, column in enumerate(columns)]  # fmt: skip
    edges = [(one, place) for place, node in enumerate(graph.nodes) for one in dict.fromkeys(node.inputs)]
    best = None
    for order in islice(permutations(variables), ORDERS):
        rows, moved = _rows(graph, columns, order)
        cost = _cost(edges, columns, rows) + moved + _turned(graph, rows)
        if best is None or cost < best[0]:
            best = cost, rows
    rows, left = best[1], min(columns)
    across = min(120.0, (WIDTH - 2 * EDGE) / (max(columns) - left))
    start = (WIDTH - across * (max(columns) - left)) / 2
    down = min(66.0, max(58.0, 300 / (max(rows) - min(rows) or 1)))
    return [(round(start + across * (column - left), 1), round(TOP + down * (row - min(rows)), 1))
            for column, row in zip(columns, rows, strict=True)]  # fmt: skip


def _rows(graph, columns, order):
    """The variables one below the other, each operation in the middle of its inputs; and how far some had to move."""
    rows = dict(zip(order, range(len(order)), strict=True))
    taken, moved = {}, 0  # column: rows that have a node
    for place in order:
        taken.setdefault(columns[place], []).append(rows[place])
    for place, node in enumerate(graph.nodes):
        if node.op:
            wanted = sum(rows[one] for one in node.inputs) / len(node.inputs)
            used = taken.setdefault(columns[place], [])
            for shift in (0, 0.5, -0.5, 1, -1, 1.5, -1.5, 2, -2, 3, -3, 4, 5, 6, 7, 8):
                if all(abs(wanted + shift - other) >= 1 for other in used):
                    break
            rows[place] = wanted + shift
            used.append(rows[place])
            moved += abs(shift)
    return [rows[place] for place in range(len(graph.nodes))], moved


def _cost(edges, columns, rows):
    """Crossings cost most, then edges that go through a node, then long ways up and down, then height."""
    cost = 0.1 * sum(abs(rows[a] - rows[b]) for a, b in edges) + 0.3 * (max(rows) - min(rows))
    for number, (a, b) in enumerate(edges):
        for c, d in edges[:number]:
            left, right = max(columns[a], columns[c]), min(columns[b], columns[d])
            if left < right:
                before = _height(a, b, left, columns, rows) - _height(c, d, left, columns, rows)
                after = _height(a, b, right, columns, rows) - _height(c, d, right, columns, rows)
                cost += 5 * (before * after < -1e-9)
        for place, column in enumerate(columns):
            if columns[a] < column < columns[b] and abs(_height(a, b, column, columns, rows) - rows[place]) < 0.55:
                cost += 3
    return cost


def _turned(graph, rows):
    """How many operations have their first operand below the second."""
    pairs = [node.inputs for node in graph.nodes if len(set(node.inputs)) == 2]
    return sum(rows[first] > rows[second] for first, second in pairs)


def _height(a, b, column, columns, rows):
    """The row of the straight edge from a to b where it crosses a column."""
    share = (column - columns[a]) / (columns[b] - columns[a])
    return rows[a] + share * (rows[b] - rows[a])
