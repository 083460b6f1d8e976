"""Filters for what belongs to which server."""


class FilterModule:
    def filters(self):
        return {"oms_for_groups": for_groups}


def for_groups(things, groups):
    """Those of the things that a server of these groups needs."""
    return [thing for thing in things if set(thing["group"]) & set(groups)]
