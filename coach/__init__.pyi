"""What `import coach` offers, for type checkers: the names of _ROOMS in __init__.py, which imports them late."""

from coach.core.coach import Coach as Coach
from coach.core.events import Cue as Cue
from coach.core.events import Estimate as Estimate
from coach.core.events import Event as Event
from coach.core.inputs import Input as Input
from coach.core.inputs import Key as Key
from coach.core.inputs import Tick as Tick
from coach.core.plan.segments import (
    Band as Band,
)
from coach.core.plan.segments import (
    Distance as Distance,
)
from coach.core.plan.segments import (
    Duration as Duration,
)
from coach.core.plan.segments import (
    Kind as Kind,
)
from coach.core.plan.segments import (
    Plan as Plan,
)
from coach.core.plan.segments import (
    Ramp as Ramp,
)
from coach.core.plan.segments import (
    Segment as Segment,
)
from coach.core.plan.segments import (
    Steady as Steady,
)
from coach.core.plan.segments import (
    UntilLap as UntilLap,
)
from coach.core.policy import Policy as Policy
from coach.core.settings import Settings as Settings
from coach.errors import InvalidSettings as InvalidSettings
from coach.planning.fitness.paces import Fitness as Fitness
from coach.runs.recording import open_recording as open_recording
from coach.voice.words.phrasing import Words as Words
from coach.workouts import read_workout as read_workout
from coach.workouts import write_workout as write_workout
from devices.sample import Battery as Battery
from devices.sample import Fix as Fix
from devices.sample import Link as Link
from devices.sample import Pulse as Pulse
from devices.sample import Rx as Rx
from devices.sample import Stride as Stride

__version__: str
__all__: list[str]
