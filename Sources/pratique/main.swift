import Commands

await Pratique.start()
