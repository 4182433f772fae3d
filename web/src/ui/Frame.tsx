// The frame of home as empty surfaces, while a known session is being restored: no words, no shimmer, never the login (DESIGN section 7.2).
// index.html holds the same before the script runs; html[data-frame] says whether it is seen.
export const Frame = () => (
  <div className="frame"><div className="frame-rail" /><div className="frame-list" /><div className="frame-pane" /></div>
);
