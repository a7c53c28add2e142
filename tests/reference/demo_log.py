"""A synthetic viewing log: tastes drift between related genres, series are watched in order, hits are watched by many."""

import math

from demo_titles import RELATED

USERS = 2000
FIRST_DAY = 1704067200  # 2024-01-01 00:00 UTC, in seconds
DAY = 86400

NEXT_PART = 0.65  # chance to go on with a series after one of its films
COMPANION = 0.30  # chance to follow a film with the one that its audience likes too
DRIFT = 0.12  # chance that the taste moves on to a related genre
ANY_HIT = 0.08  # chance to watch whatever is popular, in any genre


class Catalogue:
    """Who follows whom, and how popular each film is. Films are numbered from 1."""

    def __init__(self, films, random):
        self.genre = {}
        self.next_part = {}
        self.appeal = {}
        parts, by_genre = {}, {genre: [] for genre in RELATED}
        for item, (_, genre, series, part) in enumerate(films, start=1):
            self.genre[item] = genre
            parts[series, part] = item
            by_genre[genre].append(item)
        for item, (_, _, series, part) in enumerate(films, start=1):
            if series is not None and (series, part + 1) in parts:
                self.next_part[item] = parts[series, part + 1]
        self.by_genre = by_genre
        for items in by_genre.values():
            ranked = random.sample(items, len(items))
            for rank, item in enumerate(ranked):
                sequel = films[item - 1][3] > 1
                self.appeal[item] = (0.1 if sequel else 1.0) / (rank + 2) ** 1.1
        self.companion = {}
        for item in self.genre:
            near = by_genre[self.genre[item]] + by_genre[random.choice(RELATED[self.genre[item]])]
            first_parts = [other for other in near if other != item and films[other - 1][3] == 1]
            self.companion[item] = random.choice(first_parts)

    def pick(self, items, seen, random):
        """One unseen film, by appeal; None when all were seen."""
        unseen = [item for item in items if item not in seen]
        if not unseen:
            return None
        return random.choices(unseen, [self.appeal[item] for item in unseen])[0]


def watch(catalogue, random):
    """One user's films in the order watched."""
    length = min(60, 8 + int(random.expovariate(1 / 17)))
    genre = random.choice(sorted(RELATED))
    history, seen = [], set()
    while len(history) < length:
        last = history[-1] if history else None
        following = catalogue.next_part.get(last)
        companion = catalogue.companion.get(last)
        if following is not None and following not in seen and random.random() < NEXT_PART:
            item = following
        elif companion is not None and companion not in seen and random.random() < COMPANION:
            item = companion
        elif random.random() < ANY_HIT:
            item = catalogue.pick(list(catalogue.genre), seen, random)
        else:
            if random.random() < DRIFT:
                genre = random.choice(RELATED[genre])
            item = catalogue.pick(catalogue.by_genre[genre], seen, random)
            if item is None:
                genre = random.choice(RELATED[genre])
                continue
        history.append(item)
        seen.add(item)
    return history


def simulate(films, random):
    """Events (user, item, timestamp in seconds), sorted by time."""
    catalogue = Catalogue(films, random)
    events = []
    for user in range(1, USERS + 1):
        time = FIRST_DAY + random.random() * 300 * DAY
        for item in watch(catalogue, random):
            events.append((user, item, int(time)))
            time += 1800 + random.expovariate(1 / (2.5 * DAY))
    return sorted(events, key=lambda event: (event[2], event[0]))


def histories(events):
    """user -> items in time order."""
    result = {}
    for user, item, _ in events:
        result.setdefault(user, []).append(item)
    return result


def popularity_skew(events):
    """Share of events on the most watched tenth of the films: a figure for the README."""
    counts = {}
    for _, item, _ in events:
        counts[item] = counts.get(item, 0) + 1
    ranked = sorted(counts.values(), reverse=True)
    return sum(ranked[: math.ceil(len(ranked) / 10)]) / len(events)
