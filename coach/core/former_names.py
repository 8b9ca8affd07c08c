"""The former names of the policy's constants: journals and configs from before they were sorted by subject have them."""

# Until version 0.1 the constants stood side by side in [coach.policy]. These have another name now, or share theirs.
RENAMED = {
    "sigmas": ("band", "sigmas"),
    "narrowest_band": ("band", "narrowest"),
    "settle": ("correction", "settle"),
    "stopped_below": ("standing", "below"),
    "stopped_for": ("standing", "stop_after"),
    "settle_stop": ("standing", "settle"),
    "standing": ("standing", "ask_after"),
    "sprint": ("finish", "too_fast"),
    "sprint_from": ("finish", "least_length"),
    "praise_after": ("praise", "after"),
    "praise_apart": ("praise", "apart"),
    "heart_settles": ("heart", "settle"),
    "heart_over": ("heart", "over"),
    "heart_far": ("heart", "far"),
    "heart_far_for": ("heart", "far_for"),
    "heart_share": ("heart", "lower_by"),
    "stretch": ("splits", "first"),
    "stretch_step": ("splits", "step"),
    "stretch_most": ("splits", "most"),
    "stretch_error": ("splits", "error"),
    "stretch_sigmas": ("splits", "sigmas"),
    "belt_lead": ("belt", "lead"),
    "belt_every": ("belt", "every"),
    "apart": ("talk", "apart"),
}

# What these steered is steered by the evidence, the change of target or the length of a split now; `estimator.` is a setting
GONE = {
    "change_after",
    "change_variance",
    "evidence",
    "evidence_footpod",
    "evidence_hard",
    "persist",
    "persist_hard",
    "stretch_off",
    "correction.evidence",
    "correction.evidence_footpod",
    "signal.change_after",
    "signal.change_variance",
    "estimator.correlated",
}
