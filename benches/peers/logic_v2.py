"""nomenklatura's logic-v2 on names alone, over candidates from character trigrams."""

import icu
import numpy as np
from followthemoney import model
from nomenklatura.matching import get_algorithm
from normality import ascii_text
from sklearn.feature_extraction.text import TfidfVectorizer

from common import TOP, Entities, by_kind, run

SCHEMA = {"person": "Person", "organization": "Organization", "vessel": "Vessel"}
LOGIC = get_algorithm("logic-v2")
CONFIG = LOGIC.default_config()
# A weight of nothing leaves a feature out: only the names are compared.
CONFIG.weights = {f.name: 0.0 for f in LOGIC.features if f.name != "name_match"}


def entity(schema, key, names):
    made = model.make_entity(schema)
    made.id = key
    made.add("name", names)
    return made


class LogicV2:
    serial = 0

    def prepare(self, targets):
        self.kinds = {}
        for kind, group in by_kind(targets).items():
            entities = Entities(group)
            names = {}
            for target in group:
                names.setdefault(target.entity_id, []).append(target.name)
            made = {key: entity(SCHEMA[kind], key, n) for key, n in names.items()}
            grams = TfidfVectorizer(
                preprocessor=lambda n: ascii_text(n).lower(),
                analyzer="char_wb",
                ngram_range=(3, 3),
                dtype=np.float32,
                sublinear_tf=True,
            )
            matrix = grams.fit_transform(t.name for t in entities.targets).T.tocsr()
            self.kinds[kind] = entities, made, grams, matrix
        # Its tables are read at the first comparison; that is start-up.
        self.pair("John Smith", "Jon Smith", "Person")
        self.pair("Smith Ltd", "Smith Limited", "Organization")

    def search(self, kind, names):
        entities, made, grams, matrix = self.kinds[kind]
        blocked = entities.best((grams.transform(names) @ matrix).toarray())
        for name, candidates in zip(names, blocked):
            query = self.query(SCHEMA[kind], name)
            yield [
                (key, LOGIC.compare(query, made[key], CONFIG).score)
                for key, _ in candidates[:TOP]
            ]

    def query(self, schema, name):
        # Names are cached by id: every query needs an id of its own.
        self.serial += 1
        return entity(schema, f"query-{self.serial}", [name])

    def pair(self, a, b, schema):
        return LOGIC.compare(self.query(schema, a), self.query(schema, b), CONFIG).score


if __name__ == "__main__":
    packages = ["nomenklatura", "followthemoney", "rigour", "normality", "scikit-learn"]
    run("logic_v2", LogicV2(), packages, {"PyICU": icu.VERSION, "ICU": icu.ICU_VERSION})
