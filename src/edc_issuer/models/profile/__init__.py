"""The parts of `edc_issuer.models.elm_profile`: table, graph, judge, what is beyond."""
