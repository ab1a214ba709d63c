import faulthandler; faulthandler.dump_traceback_later(100, exit=True)
import time, sys, json, logging
from pathlib import Path
from types import SimpleNamespace
import structlog
from tests.faults.simulation.bench import Bench
import tests.faults.simulation.simulation as sm
info = json.loads(Path("/tmp/simservers/info.json").read_text())
pg = SimpleNamespace(url=info["pg"], address_of=lambda u, p, d: f"postgresql://{u}:{p}@127.0.0.1:{info['port']}/{d}")
rd = SimpleNamespace(url=info["redis"], address_of=lambda u, p: info["redis"])
servers = SimpleNamespace(secrets=info["secrets"], postgres=pg, redis=rd)
t=time.perf_counter()
bench = Bench(servers, "tpl")
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50), logger_factory=structlog.ReturnLoggerFactory())
logging.disable(logging.CRITICAL)
print("bench", round(time.perf_counter()-t,2))
last=[]
orig=sm.Simulation.__init__
def init(self,*a,**k):
    orig(self,*a,**k); last.append(self)
sm.Simulation.__init__=init
ref=None
import threading, asyncio, os
def show():
    run=last[-1]
    print("\n".join(list(run.trail)[-12:])); 
    for n,t in run.schedule._tasks.items():
        if n not in run.schedule._asleep: print(n); t.print_stack(file=sys.stdout)
    for t in asyncio.all_tasks(run.schedule._loop):
        if t not in run.schedule._names: t.print_stack(file=sys.stdout)
    sys.stdout.flush(); os._exit(3)
_t=threading.Timer(60, show); _t.daemon=True; _t.start()
prof=None
if sys.argv[1]=="prof":
    import cProfile; prof=cProfile.Profile(); sys.argv.pop(1)
for s in sys.argv[1:]:
  for seed in ([None] if s=="n" else range(*map(int,s.split("-"))) if "-" in s else [int(s)]):
    t=time.perf_counter()
    try:
        if prof: prof.enable()
        run = bench.run(seed)
        if prof: prof.disable()
        import difflib
        if ref is None: ref = {b: run.dumps[b] for b in (False, True)}
        mine = run.dumps[run.parked]; same = mine == ref[run.parked]
        if not same:
            for l in list(difflib.unified_diff([x.decode() for x in ref[run.parked]], [x.decode() for x in mine], n=0, lineterm=""))[3:9]: print("   ", l[:230])
        if run.wrong: print("   WRONG", run.wrong[:5])
        print("same" if same else "DIFFERENT", len(mine), seed, round(time.perf_counter()-t,2), "turns", run._turn, run.parked, sum(run.hits.values()))
        total = globals().setdefault('total', __import__('collections').Counter()); total.update(run.hits)
    except BaseException as e:
        import traceback; traceback.print_exc()
        print("\n".join(last[-1].trail)); print(last[-1].hits)
        sys.exit(1)
print(total)
if prof:
    import pstats; pstats.Stats(prof).sort_stats("tottime").print_stats(30); pstats.Stats(prof).sort_stats("cumtime").print_stats(60)
