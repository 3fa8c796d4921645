package s4j.data;

import java.util.List;

/**
 * The four files of MNIST and how many images are in them.
 *
 * @param trainImages IDX images
 * @param trainLabels IDX labels
 * @param testImages IDX images
 * @param testLabels IDX labels
 * @param trainCount training images
 * @param testCount test images
 */
record MnistFiles(DataFile trainImages, DataFile trainLabels, DataFile testImages, DataFile testLabels, int trainCount,
        int testCount) {
    /** Width and height of an image. */
    static final int SIDE = 28;
    /** Steps of a sequence. */
    static final int PIXELS = SIDE * SIDE;

    /** The published data set (LeCun, Cortes, Burges 1998). */
    static final MnistFiles ORIGINAL = new MnistFiles(
            new DataFile("train-images-idx3-ubyte", 47_040_016,
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new DataFile("train-labels-idx1-ubyte", 60_008,
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new DataFile("t10k-images-idx3-ubyte", 7_840_016,
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new DataFile("t10k-labels-idx1-ubyte", 10_008,
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
            60_000, 10_000);

    /** Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): the same shape, with clothes. */
    static final MnistFiles FASHION = new MnistFiles(
            new DataFile("train-images-idx3-ubyte", 47_040_016,
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new DataFile("train-labels-idx1-ubyte", 60_008,
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new DataFile("t10k-images-idx3-ubyte", 7_840_016,
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new DataFile("t10k-labels-idx1-ubyte", 10_008,
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
            60_000, 10_000);

    List<DataFile> all() { return List.of(trainImages, trainLabels, testImages, testLabels); }
}
