use speech::*;
#[test]
fn fix() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = vec![];
    for d in ["tests/data", "tests/data/clips", "public/samples"] { for e in std::fs::read_dir(root.join(d)).unwrap() { let p = e.unwrap().path(); if p.extension().is_some_and(|e| e == "wav") { files.push(p) } } }
    for f in files {
        let b = std::fs::read(&f).unwrap();
        let l = wav::Layout::of(&b, b.len() as u64).unwrap();
        let (s, n) = l.place(0, u64::MAX);
        let x = Samples::from_f32(&l.mono(&b[s as usize..(s + n) as usize]));
        let mut g = Segmenter::new(); let mut u = g.push(&x); u.extend(g.finish());
        println!("{} {} {:?}", f.display(), l.rate, u.iter().map(|u| ((u.start_seconds()*100.0) as i32, (u.end_seconds()*100.0) as i32)).collect::<Vec<_>>());
    }
    // cost
    let b = std::fs::read(root.join("tests/data/dictation.wav")).unwrap();
    let l = wav::Layout::of(&b, b.len() as u64).unwrap();
    let (s, n) = l.place(0, u64::MAX);
    let x = Samples::from_f32(&l.mono(&b[s as usize..(s + n) as usize]));
    let t = std::time::Instant::now();
    for _ in 0..20 { let mut g = Segmenter::new(); let mut u = g.push(&x); u.extend(g.finish()); }
    println!("segmenter {:.3} % of real time", 100.0 * t.elapsed().as_secs_f64() / 20.0 / x.seconds());
    let t = std::time::Instant::now();
    for _ in 0..20 { std::hint::black_box(Timbre::of(&x)); }
    println!("timbre {:.3} %", 100.0 * t.elapsed().as_secs_f64() / 20.0 / x.seconds());
}
