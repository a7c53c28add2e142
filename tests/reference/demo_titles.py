"""The demo's catalogue: twelve film genres, invented series and invented single titles."""

RELATED = {
    "Science Fiction": ["Fantasy", "Thriller"],
    "Fantasy": ["Science Fiction", "Adventure", "Family"],
    "Adventure": ["Fantasy", "History", "Family"],
    "Family": ["Adventure", "Comedy", "Fantasy"],
    "Comedy": ["Romance", "Family"],
    "Romance": ["Drama", "Comedy"],
    "Drama": ["Romance", "History", "Crime"],
    "History": ["Drama", "Adventure"],
    "Crime": ["Mystery", "Thriller", "Drama"],
    "Mystery": ["Crime", "Thriller", "Horror"],
    "Thriller": ["Crime", "Mystery", "Science Fiction"],
    "Horror": ["Mystery", "Thriller"],
}

# genre: series names (the first film bears the name alone), subtitles of the sequels
SERIES = {
    "Science Fiction": (
        ["Orbit Nine", "The Tessaly Signal", "Coldlight", "Harrow Station"],
        ["The Second Crew", "Dark Transit", "Return Window", "The Last Relay"],
    ),
    "Fantasy": (
        ["The Amber Gate", "Queen of Thornmere", "The Salt Dragon", "Wardens of Ilvane"],
        ["The Hollow Crown Road", "A Winter of Ravens", "The Unsworn", "The Ninth Door"],
    ),
    "Adventure": (
        ["Captain Merrow", "The Jade Compass", "Sable Ridge", "Beyond Cape Tarn"],
        ["The Drowned Fort", "Map of Embers", "The Long Portage", "Island of Glass"],
    ),
    "Family": (
        ["Pip and the Lighthouse", "The Biscuit Street Gang", "My Neighbour the Otter", "Hattie Builds a Rocket"],
        ["The Snow Day", "A Very Big Parade", "The Missing Kite", "Home for Summer"],
    ),
    "Comedy": (
        ["The Wrong Wedding", "Two Uncles", "Lunch Break", "The Understudies"],
        ["Again, Please", "Out of Office", "The Reunion", "No Refunds"],
    ),
    "Romance": (
        ["Letters to Calder Lane", "The Tuesday Train", "A Room in Porto Alba", "Half Past Spring"],
        ["The Reply", "Another Summer", "The Promise", "Home by Morning"],
    ),
    "Drama": (
        ["The Harbour Years", "Saint Aubrey Road", "Quiet Fields", "The Bellweather House"],
        ["The Inheritance", "After the Flood", "What We Kept", "The Sale"],
    ),
    "History": (
        ["The Cartographer's War", "Court of Two Suns", "The Iron Harvest", "Siege of Calvane"],
        ["The Treaty", "The Winter March", "The Regent", "Ashes of the Fleet"],
    ),
    "Crime": (
        ["Dockside", "The Marlowe Street Job", "Silver Ledger", "Eleven Safe Houses"],
        ["The Informant", "Double Entry", "One Clean Score", "The Verdict"],
    ),
    "Mystery": (
        ["Inspector Vane", "The Greyhaven Murders", "A Parlour of Clocks", "The Locked Orchard"],
        ["The Third Key", "Death at Low Tide", "The Vanished Choir", "A Cold Alibi"],
    ),
    "Thriller": (
        ["Night Courier", "The Ostler File", "Dead Frequency", "Borderline Nine"],
        ["No Witness", "Dead Letter Drop", "The Handler", "The Last Courier"],
    ),
    "Horror": (
        ["The Well at Morrow Farm", "Hush Hollow", "Whisperlake", "The Lodger Below"],
        ["The Return", "It Remembers", "The Second Night", "Under the Floor"],
    ),
}

# genre: adjectives, nouns and places that single titles are put together from
WORDS = {
    "Science Fiction": (
        ["Silent", "Fractal", "Borrowed", "Distant", "Synthetic"],
        ["Horizon", "Colony", "Android", "Gravity", "Paradox"],
        ["Europa Deep", "Kepler Yard", "Sector Twelve", "New Halden"],
    ),
    "Fantasy": (
        ["Gilded", "Forgotten", "Enchanted", "Moonlit", "Oathbound"],
        ["Sorcerer", "Grove", "Sword", "Kingdom", "Griffin"],
        ["Eldermoor", "Vash Tiran", "the Seven Lakes", "Oakenfell"],
    ),
    "Adventure": (
        ["Lost", "Crimson", "Restless", "Uncharted", "Golden"],
        ["Expedition", "River", "Caravan", "Summit", "Treasure"],
        ["Zanzara", "the Broken Coast", "Mount Orrin", "Tamsin Bay"],
    ),
    "Family": (
        ["Clumsy", "Marvellous", "Tiny", "Runaway", "Sleepy"],
        ["Penguin", "Treehouse", "Puppy", "Balloon", "Grandma"],
        ["Maple Hill", "Puddle Lane", "Willow Farm", "Button Bay"],
    ),
    "Comedy": (
        ["Accidental", "Awkward", "Honest", "Reluctant", "Overdressed"],
        ["Landlord", "Best Man", "Salesman", "Roommate", "Mayor"],
        ["Bingley", "Lower Wexford", "Accounts Payable", "Terminal B"],
    ),
    "Romance": (
        ["Secret", "Faithful", "Unsent", "Autumn", "Tender"],
        ["Waltz", "Kiss", "Promise", "Bouquet", "Stranger"],
        ["Lake Verrano", "Rue Clement", "Rosewater", "the Old Pier"],
    ),
    "Drama": (
        ["Broken", "Ordinary", "Patient", "Burning", "Second"],
        ["Daughter", "Silence", "Witness", "Orchard", "Debt"],
        ["Ashby", "the North Ward", "Millrace", "Eastbridge"],
    ),
    "History": (
        ["Last", "Exiled", "Imperial", "Noble", "Winter"],
        ["Ambassador", "Dynasty", "Rebellion", "Frigate", "Scribe"],
        ["Old Cassel", "Arngate", "Marchfeld", "Santo Velar"],
    ),
    "Crime": (
        ["Crooked", "Easy", "Bloody", "Stolen", "Rusted"],
        ["Alibi", "Heist", "Informer", "Cartel", "Detective"],
        ["Pier Forty", "Vesper City", "Mulberry Court", "the South Docks"],
    ),
    "Mystery": (
        ["Missing", "Hidden", "Velvet", "Perfect", "Scarlet"],
        ["Heiress", "Portrait", "Cipher", "Manuscript", "Guest"],
        ["Holloway Hall", "Fenwick Abbey", "the Night Ferry", "Larkspur"],
    ),
    "Thriller": (
        ["Deadly", "Final", "Hostile", "Hidden", "Reckless"],
        ["Pursuit", "Hostage", "Deception", "Sniper", "Countdown"],
        ["Checkpoint Six", "Flight 208", "the Embassy", "Red Canyon"],
    ),
    "Horror": (
        ["Hungry", "Pale", "Buried", "Wicked", "Weeping"],
        ["Doll", "Chapel", "Séance", "Scarecrow", "Cellar"],
        ["Blackmere", "Ward Thirteen", "Crow Hill", "Widow's Bend"],
    ),
}

SINGLES_PER_GENRE = 19


def build_catalogue(random):
    """Rows (title, genre, series name or None, part). Series have three to five films; the order is shuffled."""
    films = []
    for genre in RELATED:
        names, subtitles = SERIES[genre]
        for place, name in enumerate(names):
            sequels = 2 + (place + len(genre)) % 3
            films.append((name, genre, name, 1))
            for part in range(sequels):
                title = f"{name} {part + 2}: {subtitles[(part + place) % len(subtitles)]}"
                films.append((title, genre, name, part + 2))
        adjectives, nouns, places = WORDS[genre]
        titles = [f"The {adjective} {noun}" for adjective in adjectives for noun in nouns]
        titles += [f"{noun} of {place}" for noun in nouns for place in places]
        titles += [f"{adjective} Night in {place}" for adjective in adjectives[:2] for place in places[:2]]
        films += [(title, genre, None, 1) for title in random.sample(titles, SINGLES_PER_GENRE)]
    random.shuffle(films)
    assert len({film[0] for film in films}) == len(films), "titles must be unique"
    return films
