/** Runs on an MLflow tracking server, by its REST API 2.0 ({@link s4j.train.mlflow.MlflowRun}). */
@NullMarked
package s4j.train.mlflow;

import org.jspecify.annotations.NullMarked;
